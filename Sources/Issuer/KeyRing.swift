import Auth
package import OAuth
package import Store
import Synchronization

/// Keys read from their PEM once. Which key signs is asked of the store each time; only the reading is remembered.
package final class KeyRing: Sendable {
    private let keys = Mutex<[String: SigningKey]>([:])

    package init() {}

    /// - Throws: When the store holds something that is no key.
    package func key(_ record: SigningKeyRecord) async throws -> SigningKey {
        if let key = keys.withLock({ $0[record.kid] }) { return key }
        guard let algorithm = SigningAlgorithm(rawValue: record.algorithm) else { throw UnreadableSigningKey(kid: record.kid) }
        let key = try await SigningKey(pem: record.privateKey.reveal(), algorithm: algorithm)
        keys.withLock { $0[record.kid] = key }
        return key
    }
}

/// The store has no key that signs.
struct NoSigningKey: Error, CustomStringConvertible {
    var description: String { "there is no signing key" }
}

struct UnreadableSigningKey: Error, CustomStringConvertible {
    let kid: String
    var description: String { "the signing key \(kid) is for an algorithm this program does not know" }
}
