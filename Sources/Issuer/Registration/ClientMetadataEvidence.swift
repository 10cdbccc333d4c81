package import Auth
package import Foundation
package import OAuth
package import Store

/// What a client says of itself (RFC 7591 section 2), and the record that the checks make of it.
package struct ClientMetadataEvidence: Sendable {
    package var members: [String: JSONValue]
    /// What clients that nobody vouches for may have.
    package var openScopes: ScopeSet
    /// The method where it names none.
    package var defaultMethod: String
    /// `token_endpoint_auth_method`, once its check has passed.
    package var method: String
    package var client: ClientRecord
    /// What is told, once a check has refused.
    package var error: OAuthError?

    /// - Parameters:
    ///   - id: Its identifier.
    ///   - defaultMethod: `client_secret_basic` in RFC 7591; nothing secret can be agreed on with a document.
    package init(
        _ members: [String: JSONValue], id: String, origin: ClientOrigin, openScopes: ScopeSet, defaultMethod: String, now: Date
    ) {
        self.members = members
        self.openScopes = openScopes
        self.defaultMethod = defaultMethod
        method = defaultMethod
        client = ClientRecord(id: id, scopes: openScopes, createdAt: now)
        client.origin = origin
    }

    /// Keeps the error to be told; its refusal is the check's answer.
    package mutating func refuse(
        _ summary: String, because reason: Reason = .malformed, _ code: OAuthError.Code = .invalidClientMetadata
    ) -> Refusal {
        let error = OAuthError(code, summary, because: reason)
        self.error = error
        return error.refusal
    }

    /// A member that is a list of strings; nil where it is absent, and an error where it is something else.
    func strings(_ name: String) throws(Malformed) -> [String]? {
        guard let value = members[name], value != .null else { return nil }
        guard let strings = value.strings else { throw Malformed(member: name, expected: "a list of strings") }
        return strings
    }

    func string(_ name: String) throws(Malformed) -> String? {
        guard let value = members[name], value != .null else { return nil }
        guard let string = value.string else { throw Malformed(member: name, expected: "a string") }
        return string
    }

    struct Malformed: Error {
        let member: String
        let expected: String
        var summary: String { "\(member) is not \(expected)" }
    }
}
