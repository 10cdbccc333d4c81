package import Auth
import OAuth

import struct Foundation.Data

/// What goes to the token endpoint.
package struct TokenRequest: Sendable {
    package var endpoint: WebAddress
    package var grant: Grant
    package var clientID: String
    package var proof: Proof
    package var scopes: ScopeSet?
    /// RFC 8707 section 2: the token shall be good for this server alone.
    package var resource: String?

    /// What the client has that is worth a token.
    package enum Grant: Sendable {
        /// Itself (RFC 6749 section 4.4.2).
        case clientCredentials
        /// A person's consent (RFC 6749 section 4.1.3), with the verifier of RFC 7636 section 4.5.
        case authorizationCode(Secret<String>, verifier: Secret<String>, redirectURI: String)
        /// A consent from before (RFC 6749 section 6).
        case refreshToken(Secret<String>)

        var parameters: [(String, String)] {
            switch self {
            case .clientCredentials:
                [("grant_type", "client_credentials")]
            case .authorizationCode(let code, let verifier, let redirectURI):
                [
                    ("grant_type", "authorization_code"), ("code", code.reveal()), ("redirect_uri", redirectURI),
                    ("code_verifier", verifier.reveal()),
                ]
            case .refreshToken(let token):
                [("grant_type", "refresh_token"), ("refresh_token", token.reveal())]
            }
        }
    }

    /// How the client proves whose request it is.
    package enum Proof: Sendable {
        /// RFC 6749 section 2.3.1.
        case secret(Secret<String>)
        /// The same as a parameter, for an issuer that takes nothing better.
        case secretInBody(Secret<String>)
        /// RFC 7523 section 2.2, signed for this request.
        case assertion(Secret<String>)
        /// The certificate of the connection does (RFC 8705 section 2).
        case certificate
        /// Not at all: a public client, which only says who it is (RFC 6749 section 3.2.1).
        case none
    }

    package init(endpoint: WebAddress, grant: Grant, clientID: String, proof: Proof, scopes: ScopeSet?, resource: String?) {
        self.endpoint = endpoint
        self.grant = grant
        self.clientID = clientID
        self.proof = proof
        self.scopes = scopes
        self.resource = resource
    }

    package static let form: @Sendable (TokenRequest) -> HTTPCall = { request in
        var parameters = request.grant.parameters
        if let scopes = request.scopes, !scopes.isEmpty { parameters.append(("scope", scopes.description)) }
        if let resource = request.resource { parameters.append(("resource", resource)) }
        return call(to: request.endpoint, parameters, clientID: request.clientID, proof: request.proof)
    }

    /// A form, with the client's secret, if it has one, in the `Authorization` field (section 2.3.1: both parts form-encoded before).
    static func call(to endpoint: WebAddress, _ parameters: [(String, String)], clientID: String, proof: Proof) -> HTTPCall {
        var parameters = parameters
        var fields: HTTPFieldList = ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"]
        switch proof {
        case .secret(let secret):
            let pair = "\(FormEncoding.encode(clientID)):\(FormEncoding.encode(secret.reveal()))"
            fields["Authorization"] = "Basic \(Data(pair.utf8).base64EncodedString())"
        case .secretInBody(let secret):
            parameters += [("client_id", clientID), ("client_secret", secret.reveal())]
        case .assertion(let assertion):
            parameters += [
                ("client_id", clientID), ("client_assertion_type", ClientAssertion.type), ("client_assertion", assertion.reveal()),
            ]
        case .certificate, .none: parameters.append(("client_id", clientID))
        }
        return HTTPCall(.post, endpoint, fields: fields, body: Array(FormEncoding.encode(parameters).utf8))
    }
}
