import OAuth

/// What is sent to the redirection URI (RFC 6749 sections 4.1.2 and 4.1.2.1).
package struct AuthorizationResponse: Sendable, Hashable {
    package var redirectURI: String
    /// The `code`, or the `error` and its `error_description`.
    package var members: [Member]
    /// As the request had it, to the byte; nil: it had none.
    package var state: String?
    /// The issuer's identifier (RFC 9207 section 2), in errors too.
    package var issuer: String?

    package struct Member: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(redirectURI: String, members: [Member], state: String?, issuer: String?) {
        self.redirectURI = redirectURI
        self.members = members
        self.state = state
        self.issuer = issuer
    }

    /// The redirection URI with everything added to its query, which stays as it was.
    package var location: String {
        var all = members
        if let state { all.append(Member("state", state)) }
        if let issuer { all.append(Member("iss", issuer)) }
        let added = FormEncoding.encode(all.map { (name: $0.name, value: $0.value) })
        guard let mark = redirectURI.firstIndex(of: "?") else { return "\(redirectURI)?\(added)" }
        return redirectURI[redirectURI.index(after: mark)...].isEmpty ? redirectURI + added : "\(redirectURI)&\(added)"
    }
}
