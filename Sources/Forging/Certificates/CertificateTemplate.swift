/// What is to stand in a certificate.
struct CertificateTemplate: Sendable {
    /// What a certificate is for: it says which extensions it has, where nothing else is asked for.
    enum Usage: String, Sendable, CaseIterable {
        /// May issue certificates and revocation lists.
        case authority
        /// May issue, and says nothing about key usage, as `openssl req -x509` leaves it.
        case plainAuthority = "plain-authority"
        case client
        case server
        /// Answers for its issuer on revocation (RFC 6960 section 4.2.2.2).
        case responder

        var isAuthority: Bool { self == .authority || self == .plainAuthority }
    }

    enum BasicConstraints: Sendable, Hashable {
        case absent
        case leaf
        case authority(pathLength: Int?)
    }

    enum SerialNumber: Sendable, Hashable {
        /// 128 bits.
        case random
        /// The content octets of an INTEGER that is not negative, big-endian.
        case octets([UInt8])
    }

    enum Digest: String, Sendable, CaseIterable {
        case sha1, sha256
    }

    var subject: DistinguishedName
    var names: [GeneralName] = []
    var usage: Usage
    /// 3, or 1: no extensions, whatever the names and the usage.
    var version = 3
    /// Whole seconds since 1970, both inclusive (RFC 5280 section 4.1.2.5).
    var notBefore = 0
    var notAfter = 0

    var serial = SerialNumber.random
    var digest = Digest.sha256
    /// Nil for what the usage says, as are the next two; an empty list for no such extension.
    var basicConstraints: BasicConstraints?
    var keyUsage: [KeyUsage]?
    var extendedKeyUsage: [ExtendedKeyUsage]?
    var permitted: [GeneralName] = []
    var excluded: [GeneralName] = []
    /// URLs of revocation lists and of OCSP responders (RFC 5280 sections 4.2.1.13 and 4.2.2.1).
    var revocationLists: [String] = []
    var responders: [String] = []
    var hasSubjectKeyIdentifier = true
    var hasAuthorityKeyIdentifier = true
    /// Whatever else, in this order, after those.
    var others: [CertificateExtension] = []
    /// Extensions whose criticality is the other way round than is right, by object identifier.
    var criticality: [String: Bool] = [:]
    /// One bit of the signature is the other way round.
    var isTampered = false
}
