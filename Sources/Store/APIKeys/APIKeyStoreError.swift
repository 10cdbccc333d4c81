/// Why a change to the API keys was not made. Nothing was changed then.
package enum APIKeyStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    case noSuchKey(id: String)
    case revoked(id: String)
    case expired(id: String)
    /// The key was rotated already; its successor is the one to rotate.
    case replaced(id: String, by: String)
    /// In days; the lifetime that was asked for is not positive, or above the store's maximum.
    case lifetime(maximumDays: Double)
    case negativeOverlap
    /// Not a word of 1 to 16 characters of `a–z` and `0–9`.
    case environment(String)
    /// Empty, longer than 256 bytes, or with control characters.
    case principal

    package var description: String {
        switch self {
        case .noSuchKey(let id): "there is no key \(id)"
        case .revoked(let id): "key \(id) is revoked; issue a new one"
        case .expired(let id): "key \(id) has expired; issue a new one"
        case .replaced(let id, let successor): "key \(id) was replaced by \(successor); rotate that one"
        case .lifetime(let days): "a key lives longer than no time and at most \(days.formatted) days"
        case .negativeOverlap: "the overlap cannot be negative"
        case .environment(let name): "\(name) is not the name of an environment: 1 to 16 characters of a-z and 0-9"
        case .principal: "the name of a principal or a tenant has 1 to 256 bytes and no control characters"
        }
    }
}

extension Double {
    /// Without a fraction where there is none.
    fileprivate var formatted: String {
        Int(exactly: self).map(String.init) ?? String(self)
    }
}
