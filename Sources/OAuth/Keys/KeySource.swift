/// Where the keys of trusted issuers come from.
package protocol KeySource: Sendable {
    /// The key that an issuer published under an identifier.
    /// - Parameter issuer: One of the configured issuers, never a name that only a token claims.
    func keys(issuer: String, kid: String) async -> KeyAnswer
}

package enum KeyAnswer: Sendable {
    case key(VerificationKey)
    /// The issuer publishes no such key.
    case none
    /// The issuer's keys could not be had, and none from before may be used.
    case unreachable
}
