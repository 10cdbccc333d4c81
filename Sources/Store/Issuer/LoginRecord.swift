package import struct Foundation.Date

/// A browser in which somebody is logged in. The cookie itself is not kept: its hash is enough to know it again.
package struct LoginRecord: Sendable, Hashable {
    /// SHA-256 of the cookie's value, which has 256 random bits.
    package var hash: [UInt8]
    package var user: String
    package var createdAt: Date
    /// From then on he has to log in again.
    package var expiresAt: Date

    package init(hash: [UInt8], user: String, createdAt: Date, expiresAt: Date) {
        self.hash = hash
        self.user = user
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}
