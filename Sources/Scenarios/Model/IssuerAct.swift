/// One thing that is different about what an issuer is asked, or one property of what it gives out.
package struct IssuerAct: Sendable, Codable, Hashable {
    package var place: Place
    /// One of the place's words.
    package var how: String

    package init(place: Place, how: String) {
        self.place = place
        self.how = how
    }

    package enum Place: String, Sendable, Codable, CaseIterable {
        /// A request for a token with a client's own credentials (RFC 6749 section 4.4).
        case tokenRequest = "token-request"
        /// How the client of such a request proves who it is (RFC 6749 section 2.3).
        case clientAuthentication = "client-authentication"
        /// The same with a signed assertion (RFC 7523).
        case assertion
        /// A request that a browser brings (RFC 6749 section 4.1.1).
        case authorization = "authorization-request"
        /// A user signs in with a password, in a browser where nobody has.
        case signIn = "sign-in"
        /// A code is exchanged for tokens (RFC 6749 section 4.1.3).
        case redemption
        /// A refresh token is exchanged for newer ones (RFC 6749 section 6).
        case refreshment
        /// A token is given back (RFC 7009).
        case revocation
        /// A resource server asks what a token is worth (RFC 7662).
        case introspection = "introspection-request"
        /// A client registers itself (RFC 7591).
        case registration
        /// A client whose identifier is the URL of a document about it.
        case clientDocument = "client-document"
        /// What was given out is looked at: a token, or the answer that brings it.
        case issued
        /// What everybody can read is looked at: the metadata (RFC 8414) and the key set (RFC 7517).
        case published
    }

    /// The error codes of RFC 6749 sections 4.1.2.1 and 5.2, RFC 7591 section 3.2.2 and RFC 8707 section 2.
    package static let errors = [
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
        "invalid_target", "access_denied", "unsupported_response_type", "invalid_redirect_uri", "invalid_client_metadata",
    ]

    /// Whether it is played by moving the clock.
    package var movesClock: Bool { ["late", "idle", "expired-token"].contains(how) }
}

extension IssuerAct.Place {
    /// The closed list of what can be different there.
    package var words: [String] {
        switch self {
        case .tokenRequest:
            [
                "right", "get", "parameters-in-query", "repeated-parameter", "no-grant-type", "password-grant", "implicit-grant",
                "unknown-grant", "unknown-parameter", "json-body", "no-media-type", "large-body", "deep-json", "not-utf-8", "bad-escapes",
                "bracketed-secret", "identifier-alone", "secret-alone", "empty-body", "other-scope", "partly-other-scope",
                "wildcard-scope", "no-scope", "empty-scope", "unknown-resource", "resource-with-fragment", "relative-resource",
            ]
        case .clientAuthentication:
            [
                "form", "header", "encoded-header", "wrong-secret", "others-secret", "empty-secret", "hashed-secret",
                "retired-secret", "previous-secret", "unknown-client", "disabled-client", "two-ways", "many-guesses",
                "right-secret-from-elsewhere",
            ]
        case .assertion:
            [
                "right", "other-audience", "no-audience", "expired", "no-expiry", "not-yet-valid", "other-issuer", "other-subject",
                "others-key", "none", "hmac", "other-client-id", "again", "at-once",
            ]
        case .authorization:
            [
                "right", "loopback-port", "redirect-suffix", "redirect-query", "redirect-other-host", "redirect-user", "redirect-dots",
                "redirect-upper-case", "redirect-fragment", "redirect-http", "redirect-other-port", "redirect-slash", "no-challenge",
                "loopback-other-host", "loopback-user", "loopback-other-path",
                "plain", "no-method", "no-challenge-confidential", "implicit", "error-to-other-address", "disabled-client",
            ]
        case .signIn: ["wrong-password", "unknown-user", "work"]
        case .redemption:
            [
                "again", "at-once", "refresh-token-of-the-first", "access-token-of-the-first", "other-client", "other-redirect",
                "as-refresh-token", "no-verifier",
                "wrong-verifier", "challenge-as-verifier", "short-verifier", "long-verifier", "plain-method", "other-resource", "late",
            ]
        case .refreshment:
            [
                "used-before", "newest-after-reuse", "at-once", "other-client", "wider-scope", "other-resource", "after-revocation", "idle",
                "access-token", "disabled-client",
            ]
        case .revocation:
            [
                "access-token", "refresh-token", "unknown-token", "wrong-hint", "access-token-of-the-grant", "others-token",
                "no-authentication", "wrong-secret", "get",
            ]
        case .introspection:
            [
                "right", "no-authentication", "wrong-secret", "not-allowed", "public-client", "unknown-token", "revoked-token",
                "others-token",
                "expired-token", "disabled-client",
            ]
        case .registration:
            ["right", "script-redirect", "http-redirect", "fragment-redirect", "wildcard-redirect", "other-scope", "many"]
        case .clientDocument:
            [
                "right", "other-identifier", "no-identifier", "no-name", "no-redirects", "not-json", "unlisted-redirect", "large",
                "redirecting", "private-address",
            ]
        case .issued:
            [
                "members", "scope", "lifetime", "type", "algorithm", "signature", "claims", "audience", "identifiers", "weak-key",
                "no-refresh-token", "state", "issuer", "announced-issuer", "see-other", "framing", "new-refresh-tokens", "rotated-key",
            ]
        case .published:
            [
                "place", "issuer", "endpoints", "proof-key-methods", "authentication-methods", "key-members", "key-names", "key-strength",
            ]
        }
    }
}

extension Battery {
    /// Whether any case is played by moving the clock.
    package var movesClock: Bool {
        cases.contains { item in
            item.bends.contains { bend in
                switch bend {
                case .issuing(let act): act.movesClock
                case .moment, .key("expired"): true
                default: false
                }
            }
        }
    }
}

extension Battery.Case {
    /// Whether it asks an issuer, and no server.
    package var asksAnIssuer: Bool { bends.contains { if case .issuing = $0 { true } else { false } } }
}
