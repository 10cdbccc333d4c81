/// The facts of one certificate of a PKI. In `index.json` the keys are in snake case.
package struct PKIEntry: Sendable, Codable, Hashable {
    /// Where a certificate is shown, and so by which rules it is judged.
    package enum Side: String, Sendable, Codable, Hashable, CaseIterable {
        /// It issues others, and is judged by those.
        case authority
        /// A caller shows it to a server.
        case client
        /// A server shows it to a caller.
        case server
        /// It signs OCSP answers.
        case responder
    }

    package var name: String
    package var commonName: String
    package var uris: [String]
    package var dns: [String]
    package var addresses: [String]
    package var emails: [String]
    /// The name of the issuing certificate; its own for a self-signed one.
    package var issuer: String
    package var usage: String
    package var version: Int
    /// Lower-case hexadecimal.
    package var serial: String
    /// Base64url of the SHA-256 of the DER.
    package var thumbprint: String
    /// Whole seconds since 1970, inclusive.
    package var notBefore: Int
    package var notAfter: Int
    /// What a verifier should refuse it for; nil when it is right.
    package var wrong: String?
    /// What is remarkable about it though it is right.
    package var right: String?
    package var side: Side
    /// The name of a right certificate that this one differs from in one thing.
    package var beside: String?
    /// What OpenSSL says of it where that is not "accepts" of a right one: a text that `OpenSSLExpectation` reads.
    package var openssl: String?
    /// How Authbed's own server differs from that, and why: `refuses, because …`; nil where it does not.
    package var authbed: String?
    /// The name of the file, without `.pem`, that is trusted where it is judged; nil for the PKI's `ca` and `clientCA`.
    package var trust: String?
    /// The host, or address, of the server that shows it; nil for those of the manifest's `server`.
    package var host: String?
    /// The names of certificates that are sent behind its chain.
    package var sends: [String]
}

/// `index.json`: what a PKI's folder holds.
struct PKIIndex: Codable {
    /// The SHA-256 of the manifest and the profile, in hexadecimal.
    var source: String
    var profile: String
    var trust: String
    var signer: String
    var certificates: [PKIEntry]
}
