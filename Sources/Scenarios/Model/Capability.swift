/// What an implementation may have or not have. A check that needs what a subject says it lacks is not applicable, with the
/// subject's reason; what it does not say it lacks, it is held to.
package enum Capability: String, Sendable, Codable, Hashable, CaseIterable {
    /// Messages, tools and sessions of MCP, rather than plain HTTP.
    case mcp
    /// Tools beyond the two that read and write, such as the one that says who called.
    case tools
    /// A count of what was really written, which every accepted caller can read.
    case canary
    /// Some hundred calls a second, as the bed sends them where it looks for a gap.
    case load
    /// Answers that go on.
    case streams
    /// Sessions with names, which a server of MCP 2025-11-25 may have or not.
    case sessions
    /// The article's endpoint for each tool.
    case articleEndpoints = "article-endpoints"
    /// Scopes of tokens and keys: what a caller may do.
    case scopes
    /// Reading and writing are separate permissions.
    case toolScopes = "tool-scopes"
    /// Metadata of the protected resource (RFC 9728).
    case metadata
    /// Challenges in `WWW-Authenticate`.
    case challenges
    /// A list of the names that certificates may be for.
    case names
    /// That list is read again when it has changed, while the server runs.
    case allowList = "allow-list"
    /// Keys whose form shows the environment they are for and which key they are.
    case keyForm = "key-form"
    /// Trust in more than one issuer.
    case twoIssuers = "two-issuers"
    /// Trust in the bed as its token issuer, so that wrong tokens can be made.
    case bedIssuer = "bed-issuer"
    /// Trust in an issuer that is a subject itself.
    case otherIssuer = "other-issuer"
    /// An audit trail that the bed can read.
    case audit
    /// A store that the bed can look into.
    case store
    /// Output that the bed can read.
    case log
    /// A listener with TLS.
    case tls
    /// A listener without TLS, where the scenario asks for one.
    case plaintext
    /// A start under a clock that can be moved.
    case clock
    /// A stop and a start in the middle of a scenario.
    case restart
    /// A second process with the same store, keys and name.
    case replica
    /// A listener for health checks alone, which asks for no client certificate.
    case health
    /// Revocation lists that it takes up by itself, from a file or an address.
    case lists
    /// Certificates and authorities that are replaced while it runs.
    case reload
    /// Fixed times that the configuration document asks for: how long keys and answers are remembered.
    case cacheTimes = "cache-times"
    /// A client that stays from one call to the next.
    case memory
    case tenants
    case throttling
}
