import Forging
import Synchronization

/// The signing keys of the bed's issuers. Those of RSA are made once for all cells: to make one takes longer than most cells.
enum IssuerKeys {
    enum Owner: Sendable, Hashable {
        case issuer
        /// Somebody who would like to be taken for it.
        case attacker
    }

    private struct Name: Hashable {
        var id: String
        var owner: Owner
    }

    private static let made = Mutex<[Name: ForgedKey]>([:])

    /// - Parameter id: The `kid`.
    static func key(_ algorithm: TokenForge.Algorithm, id: String, of owner: Owner) throws -> ForgedKey {
        let name = Name(id: id, owner: owner)
        if algorithm == .rs256, let key = made.withLock({ $0[name] }) { return key }
        let key = try TokenForge.generateKey(algorithm: algorithm, id: id)
        if algorithm == .rs256 { made.withLock { $0[name] = key } }
        return key
    }
}
