package import Auth
import NIOPosix
package import OAuth
package import Store
import Synchronization

/// Compares passwords, beside the threads that answer requests: each comparison is made to take long.
package final class Passwords: Sendable {
    private let cost: PasswordHash.Cost
    private let nobody = Mutex<PasswordHash?>(nil)

    /// - Parameter cost: What comparing a name that nobody has costs; that of the users' own hashes.
    package init(cost: PasswordHash.Cost = .standard) {
        self.cost = cost
    }

    /// Whether it is the user's password. Without a user it does the same work and says no, so that neither the answer nor its
    /// time tells which names exist.
    ///
    /// - Throws: When there is not enough memory.
    package func matches(_ password: Secret<String>, of user: UserRecord?) async throws -> Bool {
        try await NIOThreadPool.singleton.runIfActive { [self] in
            let known = user.flatMap { PasswordHash(parsing: $0.passwordHash) }
            // Made at the first comparison, whosever it is.
            let nobody = try ofNobody()
            let hash = known ?? nobody
            return try hash.matches(password) && known != nil
        }
    }

    private func ofNobody() throws -> PasswordHash {
        try nobody.withLock { nobody in
            if let nobody { return nobody }
            let made = try PasswordHash.ofNobody(cost: cost)
            nobody = made
            return made
        }
    }
}
