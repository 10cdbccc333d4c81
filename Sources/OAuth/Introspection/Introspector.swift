/// Somebody who asks an issuer about a token (RFC 7662).
package protocol Introspector: Sendable {
    /// - Parameter issuer: One of the configured issuers.
    func introspect(token: String, issuer: String) async -> IntrospectionAnswer
}

package enum IntrospectionAnswer: Sendable, Hashable {
    /// The members of the answer that says so.
    case active([String: JSONValue])
    case inactive
    /// No answer, or one that is not an introspection answer: nobody can say whether the token is good.
    case unreachable

    /// Reads the body of a 200 answer. Only the JSON value `true` is active (RFC 7662 section 2.2), only `false` is inactive.
    package init(body: [UInt8]) {
        let members = try? StrictJSON.parseObject(body)
        self =
            switch members?["active"] {
            case .bool(true): .active(members ?? [:])
            case .bool(false): .inactive
            default: .unreachable
            }
    }
}
