package import struct Foundation.Date

/// A person who can log in and let clients act for him.
package struct UserRecord: Sendable, Hashable {
    /// What he types to log in, and the `sub` of tokens that act for him.
    package var name: String
    /// What is kept of the password, in a text form that says itself how it was made.
    package var passwordHash: String
    package var createdAt: Date
    /// From then on he cannot log in, and tokens that act for him are inactive.
    package var disabledAt: Date?

    package init(name: String, passwordHash: String, createdAt: Date, disabledAt: Date? = nil) {
        self.name = name
        self.passwordHash = passwordHash
        self.createdAt = createdAt
        self.disabledAt = disabledAt
    }
}
