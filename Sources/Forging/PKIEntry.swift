/// The facts of one certificate of a PKI. In `index.json` the keys are in snake case.
package struct PKIEntry: Sendable, Codable, Hashable {
    package var name: String
    package var commonName: String
    package var uris: [String]
    package var dns: [String]
    package var addresses: [String]
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
