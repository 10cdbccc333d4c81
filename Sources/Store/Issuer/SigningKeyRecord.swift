package import Auth

package import struct Foundation.Date

/// A key that signs access tokens, or that once did.
package struct SigningKeyRecord: Sendable {
    /// The `kid` of its JSON Web Key (RFC 7517 section 4.5).
    package var kid: String
    /// Its JSON Web Algorithm, such as `ES256` (RFC 7518 section 3.1).
    package var algorithm: String
    /// The private key in PEM. The store's file is readable by its owner only.
    package var privateKey: Secret<String>
    package var createdAt: Date
    /// When it leaves the published key set; nil: it is the key that signs.
    package var publishedUntil: Date?

    package init(kid: String, algorithm: String, privateKey: Secret<String>, createdAt: Date, publishedUntil: Date? = nil) {
        self.kid = kid
        self.algorithm = algorithm
        self.privateKey = privateKey
        self.createdAt = createdAt
        self.publishedUntil = publishedUntil
    }
}
