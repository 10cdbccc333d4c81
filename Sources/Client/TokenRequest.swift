package import Auth

import struct Foundation.Data

/// What goes to the token endpoint (RFC 6749 section 4.4.2).
package struct TokenRequest: Sendable {
    package var endpoint: WebAddress
    package var clientID: String
    package var clientSecret: Secret<String>
    package var scopes: ScopeSet?
    /// RFC 8707 section 2: the token shall be good for this server alone.
    package var resource: String?

    package init(endpoint: WebAddress, clientID: String, clientSecret: Secret<String>, scopes: ScopeSet?, resource: String?) {
        self.endpoint = endpoint
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scopes = scopes
        self.resource = resource
    }

    /// As a form, with the client's secret in the `Authorization` field (section 2.3.1: both parts form-encoded before).
    package static let form: @Sendable (TokenRequest) -> HTTPCall = { request in
        var parameters = [("grant_type", "client_credentials")]
        if let scopes = request.scopes, !scopes.isEmpty { parameters.append(("scope", scopes.description)) }
        if let resource = request.resource { parameters.append(("resource", resource)) }
        let body = parameters.map { "\($0.0)=\(formEncoded($0.1))" }.joined(separator: "&")
        let pair = "\(formEncoded(request.clientID)):\(formEncoded(request.clientSecret.reveal()))"
        return HTTPCall(
            .post, request.endpoint,
            fields: [
                "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json",
                "Authorization": "Basic \(Data(pair.utf8).base64EncodedString())",
            ],
            body: Array(body.utf8))
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
