/// What a scenario has the server under test told, beyond its scheme: whom to trust and how far, and times that are days or minutes
/// in production and that no moved clock shortens, because servers count them on a clock of their own;
/// and what only some servers have to do with.
package struct ServerSettings: Sendable, Codable, Hashable {
    /// After how many seconds an issuer's keys are fetched anew; nil for the server's default. So for the others.
    package var jwksMaxAge: Int?
    /// For how many seconds beyond that they count while the issuer is out of reach.
    package var jwksOutage: Int?
    /// For how many seconds the issuer's answer about a token is remembered.
    package var introspectionCache: Int?
    /// For how many seconds at most a responder's answer about a certificate is remembered.
    package var ocspMaxAge: Int?
    /// After how many seconds revocation lists are fetched anew, from an address of the bed's; nil for a file.
    package var listRefresh: Int?
    /// Bundles of the PKI's authorities that are trusted beside its own.
    package var trust: [String]?
    /// How many certificates a client's chain may have, its own and the anchor among them; nil for the server's default.
    package var maxChain: Int?
    /// After how many seconds a TLS handshake that is not complete is ended.
    package var handshake: Int?

    /// Whose data each principal may see, where the server holds several tenants' apart.
    package var tenants: [String: String]?
    /// How many refusals a minute one address has before it is answered 429.
    package var refusalsPerMinute: Int?
    /// Whether there is a service behind the server, of the bed's, that a tool asks.
    package var upstream: Bool?

    package init(
        jwksMaxAge: Int? = nil, jwksOutage: Int? = nil, introspectionCache: Int? = nil, ocspMaxAge: Int? = nil, listRefresh: Int? = nil,
        trust: [String]? = nil,
        maxChain: Int? = nil, handshake: Int? = nil, tenants: [String: String]? = nil, refusalsPerMinute: Int? = nil, upstream: Bool? = nil
    ) {
        self.jwksMaxAge = jwksMaxAge
        self.jwksOutage = jwksOutage
        self.introspectionCache = introspectionCache
        self.ocspMaxAge = ocspMaxAge
        self.listRefresh = listRefresh
        self.trust = trust
        self.maxChain = maxChain
        self.handshake = handshake
        self.tenants = tenants
        self.refusalsPerMinute = refusalsPerMinute
        self.upstream = upstream
    }
}
