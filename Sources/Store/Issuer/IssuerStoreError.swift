/// Why the issuer's store did not do what was asked.
package enum IssuerStoreError: Error, Hashable, CustomStringConvertible {
    /// The file cannot be opened, is not a database, or the disk does not take what is written.
    case unusable(path: String, reason: String)
    case clientExists(String)
    case noSuchClient(String)
    /// There is no secret left to retire beside the newest.
    case nothingToRetire(String)
    case noSuchGrant(String)
    /// The client proves itself by a key or certificate of its own, or not at all.
    case hasNoSecrets(String)
    case userExists(String)
    case noSuchUser(String)

    package var description: String {
        switch self {
        case .unusable(let path, let reason): "cannot use the store \(path): \(reason)"
        case .clientExists(let id): "there is already a client \(id)"
        case .noSuchClient(let id): "there is no client \(id)"
        case .noSuchGrant(let id): "there is no grant \(id)"
        case .hasNoSecrets(let id): "client \(id) has no secrets: it proves itself otherwise, or not at all"
        case .userExists(let name): "there is already a user \(name)"
        case .noSuchUser(let name): "there is no user \(name)"
        case .nothingToRetire(let id): "client \(id) has no old secret: rotate-secret makes a new one beside it"
        }
    }
}
