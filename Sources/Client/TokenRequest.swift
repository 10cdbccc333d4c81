package import Auth
import OAuth

import struct Foundation.Data

/// What goes to the token endpoint (RFC 6749 section 4.4.2).
package struct TokenRequest: Sendable {
    package var endpoint: WebAddress
    package var clientID: String
    package var proof: Proof
    package var scopes: ScopeSet?
    /// RFC 8707 section 2: the token shall be good for this server alone.
    package var resource: String?

    /// How the client proves whose request it is.
    package enum Proof: Sendable {
        /// RFC 6749 section 2.3.1.
        case secret(Secret<String>)
        /// RFC 7523 section 2.2, signed for this request.
        case assertion(Secret<String>)
        /// The certificate of the connection does (RFC 8705 section 2).
        case certificate

        /// As metadata spells it.
        package var method: String {
            switch self {
            case .secret: "client_secret_basic"
            case .assertion: "private_key_jwt"
            case .certificate: "tls_client_auth"
            }
        }
    }

    package init(endpoint: WebAddress, clientID: String, proof: Proof, scopes: ScopeSet?, resource: String?) {
        self.endpoint = endpoint
        self.clientID = clientID
        self.proof = proof
        self.scopes = scopes
        self.resource = resource
    }

    /// As a form, with the client's secret, if it has one, in the `Authorization` field (section 2.3.1: both parts form-encoded before).
    package static let form: @Sendable (TokenRequest) -> HTTPCall = { request in
        var parameters = [("grant_type", "client_credentials")]
        if let scopes = request.scopes, !scopes.isEmpty { parameters.append(("scope", scopes.description)) }
        if let resource = request.resource { parameters.append(("resource", resource)) }
        var fields: HTTPFieldList = ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"]
        switch request.proof {
        case .secret(let secret):
            let pair = "\(formEncoded(request.clientID)):\(formEncoded(secret.reveal()))"
            fields["Authorization"] = "Basic \(Data(pair.utf8).base64EncodedString())"
        case .assertion(let assertion):
            parameters += [
                ("client_id", request.clientID), ("client_assertion_type", ClientAssertion.type), ("client_assertion", assertion.reveal()),
            ]
        case .certificate: parameters.append(("client_id", request.clientID))
        }
        let body = parameters.map { "\($0.0)=\(formEncoded($0.1))" }.joined(separator: "&")
        return HTTPCall(.post, request.endpoint, fields: fields, body: Array(body.utf8))
    }

    /// `application/x-www-form-urlencoded`, everything but letters, digits and `-._` escaped.
    package static func formEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                String(Unicode.Scalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
