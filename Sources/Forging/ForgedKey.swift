/// A key pair that signs forged tokens, as text, so that it can be handed about.
package struct ForgedKey: Sendable {
    /// The `kid` (RFC 7517 section 4.5).
    package var id: String
    /// PKCS#8.
    package var privatePEM: String
    /// The public half as a JWK, JSON text (RFC 7517), with `kid`, `alg` and `use`.
    package var publicJWK: String
    /// SubjectPublicKeyInfo.
    package var publicPEM: String
    /// What it signs with.
    package var algorithm: TokenForge.Algorithm

    package init(id: String, privatePEM: String, publicJWK: String, publicPEM: String, algorithm: TokenForge.Algorithm = .es256) {
        self.algorithm = algorithm
        self.id = id
        self.privatePEM = privatePEM
        self.publicJWK = publicJWK
        self.publicPEM = publicPEM
    }
}
