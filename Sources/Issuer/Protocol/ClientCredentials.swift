package import Auth
import Foundation
import OAuth
package import Store

/// What a client presents to prove who it is (RFC 6749 section 2.3.1).
package struct ClientCredentials: Sendable {
    package enum Method: String, Sendable {
        case basic = "client_secret_basic"
        case post = "client_secret_post"
        case assertion = "private_key_jwt"
        /// The request only names the client: the certificate of the connection speaks, or nobody (RFC 6749 section 3.2.1).
        case name = "none"

        /// What a client may be registered for when it authenticates so.
        package var kinds: Set<ClientAuthentication> {
            switch self {
            case .basic, .post: [.secret]
            case .assertion: [.privateKeyJWT]
            case .name: [.certificate, .selfSignedCertificate, .none]
            }
        }
    }

    package var id: String
    /// The secret or the assertion; empty where the request only names the client.
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
        if let assertion = form["client_assertion"] {
            guard authorization.isEmpty, posted == nil else {
                throw .invalidRequest("the client authenticates in more than one way", because: .ambiguous)
            }
            return try find(assertion: assertion, form: form)
        }
        guard let header = authorization.first else {
            guard let posted else {
                return form["client_id"].map { ClientCredentials(id: $0, secret: Secret(""), method: .name) }
            }
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

    /// An assertion names its client itself (RFC 7521 section 4.2); naming it in the form too does no harm.
    private static func find(assertion: String, form: FormParameters) throws(OAuthError) -> ClientCredentials {
        guard form["client_assertion_type"] == ClientAssertion.type else {
            throw .invalidRequest("client_assertion_type is not that of a JWT")
        }
        guard let id = ClientAssertionEvidence.claimedClient(assertion) else {
            throw .invalidClient(Refusal(.malformed, "the assertion names no client"))
        }
        guard form["client_id"].map({ $0 == id }) ?? true else {
            throw .invalidRequest("client_id is not the client that authenticates", because: .ambiguous)
        }
        return ClientCredentials(id: id, secret: Secret(assertion), method: .assertion)
    }

    /// Reads a `Basic` credential whose two halves are form-encoded before they are joined (RFC 6749 section 2.3.1).
    private static func parseBasic(_ header: String) -> ClientCredentials? {
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "basic", let decoded = Data(base64Encoded: String(parts[1])) else { return nil }
        let halves = decoded.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let id = FormEncoding.decode(halves[0]), let secret = FormEncoding.decode(halves[1]),
            !id.isEmpty, !secret.isEmpty
        else { return nil }
        return ClientCredentials(id: id, secret: Secret(secret), method: .basic)
    }
}
