/// A certificate that a PKI issued after it was built.
package struct IssuedCertificate: Sendable, Codable, Hashable {
    package var name: String
    /// The PEM file with the certificate and its chain.
    package var certificate: String
    /// The PEM file with the private key, for its owner only.
    package var key: String
    /// Lower-case hexadecimal, as `PKI.revoke` takes it.
    package var serial: String
    /// Base64url of the SHA-256 of the DER.
    package var thumbprint: String
    /// Seconds since 1970, the last second it is valid.
    package var notAfter: Double
}
