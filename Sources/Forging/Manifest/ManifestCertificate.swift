/// One certificate of a manifest.
struct ManifestCertificate: Sendable {
    /// Whose keys and serial numbers it can share: one above it.
    struct Shared: Sendable {
        var key: String?
        var serial: String?
    }

    var name: String
    /// Nil for self-signed.
    var issuer: String?
    var key: PrivateKey.Kind
    var shared = Shared()
    /// Seconds from the building to the start of validity; negative for the past.
    var starts: Int
    /// Seconds from the start to the end of validity.
    var lifetime: Int
    /// All but the times.
    var template: CertificateTemplate
    /// Certificates that go along behind its chain.
    var sends: [String] = []
    /// On its issuer's list from the beginning.
    var isRevoked = false
    var judging: Judging

    /// What is said of it, and how it is judged.
    struct Judging: Sendable {
        var side: PKIEntry.Side
        /// What a verifier should refuse it for; nil when it is right.
        var wrong: String?
        /// What is remarkable about it though it is right.
        var right: String?
        /// The right one that it differs from in one thing.
        var beside: String?
        var openssl: OpenSSLExpectation?
        /// How Authbed's own server differs from the sentence, and why.
        var authbed: String?
        /// The bundle that is trusted where it is judged; nil for the profile's trust.
        var trust: String?
        /// The host that a caller wants to reach.
        var host: String?
    }

    var isAuthority: Bool { template.usage.isAuthority }
}
