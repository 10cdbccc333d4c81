package import struct Foundation.Date

/// What is kept of a client secret: never the secret, only its hash.
package struct ClientSecretRecord: Sendable, Hashable {
    /// Ascending in the order of issue; tokens remember which secret they were obtained with.
    package var id: Int64
    /// SHA-256 of the secret. The secret has 256 random bits, so no salt or stretching would add anything.
    package var hash: [UInt8]
    package var createdAt: Date
    /// The end of its overlap with a newer secret; nil: no end is set.
    package var validUntil: Date?
    /// When the operator withdrew it: tokens obtained with it are then inactive too, unlike when its overlap just ends.
    package var retiredAt: Date?

    package init(id: Int64, hash: [UInt8], createdAt: Date, validUntil: Date? = nil, retiredAt: Date? = nil) {
        self.id = id
        self.hash = hash
        self.createdAt = createdAt
        self.validUntil = validUntil
        self.retiredAt = retiredAt
    }
}
