package import Auth
package import Store

/// What becomes of a revocation request (RFC 7009 section 2.1).
package struct RevocationRule: Sendable {
    package enum Decision: Sendable, Hashable {
        /// That access token ends, and nothing else.
        case revoke
        /// The grant ends, with every token of it.
        case revokeGrant(String)
        /// There is nothing to revoke, which is fine: the token is invalid already (section 2.2).
        case nothingToDo
        case refuse(Refusal)
    }

    package typealias Decide = @Sendable (_ token: IssuedToken?, _ client: ClientRecord) -> Decision
    private let decide: Decide

    package init(_ decide: @escaping Decide) { self.decide = decide }

    /// - Parameter token: What the store knows of the presented token; nil: nothing.
    package func callAsFunction(_ token: IssuedToken?, by client: ClientRecord) -> Decision { decide(token, client) }

    /// A client revokes its own tokens and nobody else's. A refresh token takes its grant with it, so that who loses a device
    /// loses all that it holds; an access token goes alone.
    package static var standard: RevocationRule {
        RevocationRule { token, client in
            switch token {
            case nil: .nothingToDo
            case let token? where token.clientID != client.id: .refuse(Refusal(.name, "the token was issued to another client"))
            case .access: .revoke
            case .refresh(let state): .revokeGrant(state.grant.id)
            }
        }
    }
}

/// A token that the store knows, of either kind. Which it is shows in where it is found: a `token_type_hint` is not needed.
package enum IssuedToken: Sendable {
    case access(TokenState)
    case refresh(RefreshState)

    /// Whom it was issued to.
    package var clientID: String {
        switch self {
        case .access(let state): state.client.id
        case .refresh(let state): state.grant.clientID
        }
    }
}
