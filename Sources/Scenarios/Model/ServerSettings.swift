/// What a scenario has the server under test told, beyond its scheme: times that are days or minutes in production and that no
/// moved clock shortens, because servers count them on a clock of their own.
package struct ServerSettings: Sendable, Codable, Hashable {
    /// After how many seconds an issuer's keys are fetched anew; nil for the server's default. So for the others.
    package var jwksMaxAge: Int?
    /// For how many seconds beyond that they count while the issuer is out of reach.
    package var jwksOutage: Int?
    /// For how many seconds the issuer's answer about a token is remembered.
    package var introspectionCache: Int?

    package init(jwksMaxAge: Int? = nil, jwksOutage: Int? = nil, introspectionCache: Int? = nil) {
        self.jwksMaxAge = jwksMaxAge
        self.jwksOutage = jwksOutage
        self.introspectionCache = introspectionCache
    }
}
