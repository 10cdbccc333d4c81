package import Auth
import Crypto
package import Foundation
import OAuth
import Store

extension IssuerAdministration {
    /// Makes a user.
    ///
    /// - Parameter password: nil: one of 128 random bits is made.
    /// - Returns: The password that was made, which is shown this once; nil where one was given.
    /// - Throws: `IssuerStoreError.userExists`, `UnusableUser`.
    package func addUser(_ name: String, password: Secret<String>?) async throws -> Secret<String>? {
        if let problem = UnusableUser.problem(name: name) { throw UnusableUser(description: problem) }
        let (hash, generated) = try hash(password)
        try await store.add(UserRecord(name: name, passwordHash: hash, createdAt: now))
        try await note(name, "user added")
        return generated
    }

    /// Replaces a user's password, and ends his logins.
    ///
    /// - Returns: As `addUser`.
    /// - Throws: `IssuerStoreError.noSuchUser`, `UnusableUser`.
    package func setPassword(of name: String, to password: Secret<String>?) async throws -> Secret<String>? {
        let (hash, generated) = try hash(password)
        try await store.setPassword(of: name, hash: hash)
        try await note(name, "password set")
        return generated
    }

    /// Ends a user: his logins, and all that he has granted.
    ///
    /// - Returns: Since when he is disabled.
    /// - Throws: `IssuerStoreError.noSuchUser`.
    package func disableUser(_ name: String) async throws -> Date {
        let since = try await store.disableUser(name, now: now)
        let grants = try await store.revokeGrants(user: name, now: now)
        try await note(name, "user disabled, \(grants) grants revoked")
        return since
    }

    /// Lets a user log in again. What he had granted stays revoked.
    ///
    /// - Throws: `IssuerStoreError.noSuchUser`.
    package func enableUser(_ name: String) async throws {
        try await store.enableUser(name)
        try await note(name, "user enabled")
    }

    /// Takes back what a user has allowed, and all that came from it.
    ///
    /// - Parameter client: nil: every client.
    /// - Returns: How many consents and how many grants there were.
    /// - Throws: `IssuerStoreError.noSuchUser`.
    package func revokeConsents(of user: String, client: String?) async throws -> (consents: Int, grants: Int) {
        guard try await store.user(user) != nil else { throw IssuerStoreError.noSuchUser(user) }
        let consents = try await store.revokeConsents(user: user, client: client)
        let grants = try await store.revokeGrants(user: user, client: client, now: now)
        try await note(user, "\(consents) consents and \(grants) grants revoked" + (client.map { ", of client \($0)" } ?? ""))
        return (consents, grants)
    }

    private func hash(_ password: Secret<String>?) throws -> (hash: String, generated: Secret<String>?) {
        if let password {
            if let problem = UnusableUser.problem(password: password) { throw UnusableUser(description: problem) }
            return (try PasswordHash(of: password, cost: passwordCost).text, nil)
        }
        let generated = Secret(SymmetricKey(size: .bits128).withUnsafeBytes { Base64URL.encode($0) })
        return (try PasswordHash(of: generated, cost: passwordCost).text, generated)
    }
}

/// A name or a password that nobody should have.
package struct UnusableUser: Error, Hashable, CustomStringConvertible {
    package var description: String

    static func problem(name: String) -> String? {
        let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._@".contains($0)) }
        return isPlain && (1...64).contains(name.utf8.count) ? nil : "a user name has 1 to 64 letters, digits and -._@"
    }

    /// NIST SP 800-63B section 3.1.1.2: length is what counts.
    static func problem(password: Secret<String>) -> String? {
        let text = password.reveal()
        return (8...1024).contains(text.count) && !text.unicodeScalars.contains("\0") ? nil : "a password has 8 to 1024 characters"
    }
}
