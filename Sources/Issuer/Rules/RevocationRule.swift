package import Auth
package import Store

/// What becomes of a revocation request (RFC 7009 section 2.1).
package struct RevocationRule: Sendable {
    package enum Decision: Sendable, Hashable {
        case revoke
        /// There is nothing to revoke, which is fine: the token is invalid already (section 2.2).
        case nothingToDo
        case refuse(Refusal)
    }

    package typealias Decide = @Sendable (_ token: TokenState?, _ client: ClientRecord) -> Decision
    private let decide: Decide

    package init(_ decide: @escaping Decide) { self.decide = decide }

    /// - Parameter token: What the store knows of the presented token; nil: nothing.
    package func callAsFunction(_ token: TokenState?, by client: ClientRecord) -> Decision { decide(token, client) }

    /// A client revokes its own tokens and nobody else's.
    package static var standard: RevocationRule {
        RevocationRule { token, client in
            guard let token else { return .nothingToDo }
            return token.client.id == client.id ? .revoke : .refuse(Refusal(.name, "the token was issued to another client"))
        }
    }
}
