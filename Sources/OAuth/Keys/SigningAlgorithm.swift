/// The signature algorithms that are allowed here (RFC 8725 section 3.1), by their JOSE names (RFC 7518 section 3.1).
/// What is not in this list does not exist: neither `none` nor a MAC can be spelt.
package enum SigningAlgorithm: String, Sendable, Hashable, Codable, CaseIterable {
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// RSASSA-PKCS1-v1_5 with SHA-256, keys of at least 2048 bits.
    case rs256 = "RS256"
}
