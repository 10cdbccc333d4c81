package import Auth
import OAuth

/// What the browser takes to the authorization endpoint (RFC 6749 section 4.1.1).
package struct AuthorizationRequest: Sendable {
    package var endpoint: WebAddress
    package var clientID: String
    package var redirectURI: String
    package var scopes: ScopeSet?
    /// RFC 8707 section 2: the token shall be good for this server alone.
    package var resource: String
    package var state: Secret<String>
    /// The verifier's S256 challenge (RFC 7636 section 4.3).
    package var challenge: String
    /// RFC 9449 section 10: the code shall be good with this key alone.
    package var keyThumbprint: String?

    /// The parameters in order.
    package static let parameters: @Sendable (AuthorizationRequest) -> [(name: String, value: String)] = { request in
        var parameters = [
            (name: "response_type", value: "code"), (name: "client_id", value: request.clientID),
            (name: "redirect_uri", value: request.redirectURI), (name: "state", value: request.state.reveal()),
            (name: "code_challenge", value: request.challenge), (name: "code_challenge_method", value: ProofKey.method),
            (name: "resource", value: request.resource),
        ]
        if let scopes = request.scopes, !scopes.isEmpty { parameters.append((name: "scope", value: scopes.description)) }
        if let thumbprint = request.keyThumbprint { parameters.append((name: "dpop_jkt", value: thumbprint)) }
        return parameters
    }

    /// The address with parameters behind whatever query the endpoint has of its own (section 3.1).
    package func address(_ parameters: [(name: String, value: String)]) -> WebAddress? {
        let query = FormEncoding.encode(parameters)
        return WebAddress(endpoint.text + (endpoint.query == nil ? "?" : endpoint.query == "" ? "" : "&") + query)
    }
}
