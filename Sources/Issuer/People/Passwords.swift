package import Auth
import NIOPosix
package import OAuth
package import Store

/// Compares passwords, beside the threads that answer requests: each comparison is made to take long.
package final class Passwords: Sendable {
    private let nobody: PasswordHash

    /// - Parameter cost: What comparing a name that nobody has costs; that of the users' own hashes.
    package init(cost: PasswordHash.Cost = .standard) {
        nobody = .ofNobody(cost: cost)
    }

    /// Whether it is the user's password. Without a user it does the same work and says no, so that neither the answer nor its
    /// time tells which names exist.
    ///
    /// - Throws: When there is not enough memory.
    package func matches(_ password: Secret<String>, of user: UserRecord?) async throws -> Bool {
        try await NIOThreadPool.singleton.runIfActive { [nobody] in
            let known = user.flatMap { PasswordHash(parsing: $0.passwordHash) }
            return try (known ?? nobody).matches(password) && known != nil
        }
    }
}
