package import Auth

/// A refusal of the issuer's endpoints, as RFC 6749 section 5.2 writes it down.
package struct OAuthError: Error, Sendable, Hashable {
    /// The codes of RFC 6749 section 5.2, RFC 8707 section 2, and one for "try again".
    package enum Code: String, Sendable, CaseIterable {
        case invalidRequest = "invalid_request"
        case invalidClient = "invalid_client"
        case invalidGrant = "invalid_grant"
        case unauthorizedClient = "unauthorized_client"
        case unsupportedGrantType = "unsupported_grant_type"
        case invalidScope = "invalid_scope"
        case invalidTarget = "invalid_target"
        /// RFC 9449 sections 5 and 8.
        case invalidDPoPProof = "invalid_dpop_proof"
        case useDPoPNonce = "use_dpop_nonce"
        case temporarilyUnavailable = "temporarily_unavailable"
        /// RFC 6749 section 4.1.2.1, at the authorization endpoint.
        case accessDenied = "access_denied"
        case unsupportedResponseType = "unsupported_response_type"
        /// OpenID Connect Core section 3.1.2.6, for requests with `prompt=none`.
        case loginRequired = "login_required"
        case consentRequired = "consent_required"
        /// RFC 7591 section 3.2.2, at the registration endpoint.
        case invalidRedirectURI = "invalid_redirect_uri"
        case invalidClientMetadata = "invalid_client_metadata"
    }

    package var code: Code
    /// The HTTP status: 400 unless something more exact is known.
    package var status: Int
    /// For the developer of the client: a fixed sentence that repeats nothing of the request.
    package var summary: String
    /// For the audit trail only.
    package var refusal: Refusal
    /// Seconds after which another try may be made (RFC 9110 section 10.2.3); nil: nothing is said of that.
    package var retryAfter: Int?

    package init(_ code: Code, _ summary: String, because reason: Reason, detail: String = "", status: Int? = nil) {
        self.code = code
        self.status = status ?? (code == .invalidClient ? 401 : 400)
        self.summary = summary
        refusal = Refusal(reason, detail.isEmpty ? summary : detail)
    }

    package static func invalidRequest(_ summary: String, because reason: Reason = .malformed, status: Int = 400) -> OAuthError {
        OAuthError(.invalidRequest, summary, because: reason, status: status)
    }

    /// Too many tries (RFC 6585 section 4). RFC 6749 has no better word than "temporarily".
    package static func throttled(_ summary: String, retryAfter: Int) -> OAuthError {
        var error = OAuthError(.temporarilyUnavailable, summary, because: .throttled, status: 429)
        error.retryAfter = retryAfter
        return error
    }

    /// One answer for every way to fail, so that it does not tell which clients exist.
    package static func invalidClient(_ refusal: Refusal) -> OAuthError {
        OAuthError(.invalidClient, "client authentication failed", because: refusal.reason, detail: refusal.detail)
    }
}
