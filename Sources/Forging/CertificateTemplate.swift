/// What is to stand in a certificate.
struct CertificateTemplate {
    enum Usage: String, CaseIterable {
        /// May issue certificates and revocation lists.
        case authority
        /// May issue, and says nothing about key usage, as `openssl req -x509` leaves it.
        case plainAuthority = "plain-authority"
        case client
        case server
    }

    var commonName: String
    var uris: [String] = []
    var dns: [String] = []
    /// IPv4, dotted.
    var addresses: [String] = []
    var usage: Usage
    /// 3, or 1: no extensions, whatever the names and the usage.
    var version = 3
    /// Whole seconds since 1970, both inclusive (RFC 5280 section 4.1.2.5).
    var notBefore: Int
    var notAfter: Int
}
