package import Auth
import Foundation

/// What a client presents to prove who it is (RFC 6749 section 2.3.1).
package struct ClientCredentials: Sendable {
    package enum Method: String, Sendable {
        case basic = "client_secret_basic"
        case post = "client_secret_post"
    }

    package var id: String
    package var secret: Secret<String>
    package var method: Method

    package init(id: String, secret: Secret<String>, method: Method) {
        self.id = id
        self.secret = secret
        self.method = method
    }

    /// Finds the one set of credentials in a request.
    ///
    /// - Parameter authorization: The values of all `Authorization` fields.
    /// - Returns: nil when the request has none.
    /// - Throws: `OAuthError`: `invalid_request` for more than one, `invalid_client` for ones that cannot be read.
    package static func find(authorization: [String], form: FormParameters) throws(OAuthError) -> ClientCredentials? {
        guard authorization.count <= 1 else {
            throw .invalidRequest("the Authorization field is sent more than once", because: .ambiguous)
        }
        let posted = form["client_secret"]
        guard let header = authorization.first else {
            guard let posted else { return nil }
            guard let id = form["client_id"] else { throw .invalidClient(Refusal(.malformed, "client_secret without client_id")) }
            return ClientCredentials(id: id, secret: Secret(posted), method: .post)
        }
        guard posted == nil else {
            throw .invalidRequest("the client authenticates in more than one way", because: .ambiguous)
        }
        guard let basic = parseBasic(header) else { throw .invalidClient(Refusal(.malformed, "unreadable Authorization field")) }
        // Naming the client once more in the form does no harm, as long as it is the same.
        guard form["client_id"].map({ $0 == basic.id }) ?? true else {
            throw .invalidRequest("client_id is not the client that authenticates", because: .ambiguous)
        }
        return basic
    }

    /// Reads a `Basic` credential whose two halves are form-encoded before they are joined (RFC 6749 section 2.3.1).
    private static func parseBasic(_ header: String) -> ClientCredentials? {
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "basic", let decoded = Data(base64Encoded: String(parts[1])) else { return nil }
        let halves = decoded.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let id = FormParameters.decode(halves[0]), let secret = FormParameters.decode(halves[1]),
            !id.isEmpty, !secret.isEmpty
        else { return nil }
        return ClientCredentials(id: id, secret: Secret(secret), method: .basic)
    }
}
