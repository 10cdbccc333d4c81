package import Auth
package import Store

/// Whether a user is asked before a client gets a code.
package struct ConsentRule: Sendable {
    package typealias Decide =
        @Sendable (_ scopes: ScopeSet, _ client: ClientRecord, _ redirectURI: RedirectURI, _ given: ConsentRecord?) -> Bool
    private let decide: Decide

    package init(_ decide: @escaping Decide) { self.decide = decide }

    /// - Parameter given: What he has allowed that client at that resource before.
    /// - Returns: Whether he must be asked.
    package func callAsFunction(_ scopes: ScopeSet, for client: ClientRecord, to redirectURI: RedirectURI, given: ConsentRecord?) -> Bool {
        decide(scopes, client, redirectURI, given)
    }

    /// What was allowed once is not asked again, of a client that can be told from others. Where a public client's code goes to
    /// an app on the user's own machine, any other app there could have sent the request (RFC 8252 section 8.6): he is asked
    /// every time.
    package static var standard: ConsentRule {
        ConsentRule { scopes, client, redirectURI, given in
            let canBeAnybody = client.authentication == .none && (redirectURI.isLoopback || redirectURI.isPrivateUse)
            return canBeAnybody || !(given?.scopes.isSuperset(of: scopes) ?? false)
        }
    }
}
