package import Auth
package import HTTPTypes

/// A caller turned away, and how to say so in HTTP.
package struct Rejection: Sendable, Hashable {
    package var refusal: Refusal
    /// Which layer said no; nil for a lack of scope, where all of them said yes.
    package var layer: Layer?
    /// The scopes that the call needs, all of them (MCP, Runtime Insufficient Scope); empty where that is not known.
    package var scopes: ScopeSet

    package init(_ refusal: Refusal, layer: Layer?, scopes: ScopeSet) {
        self.refusal = refusal
        self.layer = layer
        self.scopes = scopes
    }

    /// 401 to prove who you are, 403 for a known caller that may not, 400 for a request that cannot be read as one
    /// credential, 429 for one who has to wait, 503 when nobody could be asked.
    package func status(for request: ServerRequest) -> HTTPResponse.Status {
        switch refusal.reason {
        case .scope, .tenant, .name: return .forbidden
        case .issuerUnreachable: return .serviceUnavailable
        case .throttled: return .tooManyRequests
        default:
            if layer != .certificate, case .unreadable = request.bearer { return .badRequest }
            return .unauthorized
        }
    }

    /// The word for the body. The same for every reason that turns a credential down: which one it was is the operator's
    /// to know, in the audit trail.
    package func code(for request: ServerRequest) -> String {
        switch status(for: request) {
        case .badRequest: "invalid_request"
        case .forbidden: refusal.reason == .scope ? "insufficient_scope" : "access_denied"
        case .serviceUnavailable: "temporarily_unavailable"
        case .tooManyRequests: "too_many_requests"
        default: refusal.reason == .missing ? "unauthorized" : "invalid_token"
        }
    }
}
