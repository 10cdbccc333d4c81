package import Store

/// How long a token lives, in seconds.
package struct LifetimeRule: Sendable {
    package typealias Decide = @Sendable (_ client: ClientRecord) -> Int
    private let decide: Decide

    package init(_ decide: @escaping Decide) { self.decide = decide }

    package func callAsFunction(for client: ClientRecord) -> Int { decide(client) }

    /// The longest life of a token: it cannot be taken back from servers that only check its signature.
    package static let maximum = 3600

    /// What the issuer is configured for, or less where the client is registered for less; never above an hour.
    package static func standard(seconds: Int) -> LifetimeRule {
        LifetimeRule { client in min(client.tokenLifetime ?? seconds, seconds, maximum) }
    }
}
