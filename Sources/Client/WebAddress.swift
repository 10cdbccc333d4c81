import struct Foundation.URLComponents

/// An absolute `http` or `https` address taken apart once, strictly, so that every rule about origins looks at the same parts.
package struct WebAddress: Sendable, Hashable {
    /// As it was written: resource and issuer identifiers are compared as text, never normalised.
    package let text: String
    /// `http` or `https`.
    package let scheme: String
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// Percent-encoded, empty or beginning with a slash.
    package let path: String
    /// Percent-encoded, without the question mark.
    package let query: String?

    /// Nil when the text is not an absolute address, or carries a user name, a password or a fragment.
    package init?(_ text: String) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }),
            let parts = URLComponents(string: text, encodingInvalidCharacters: false),
            let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = parts.host, !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.fragment == nil,
            parts.port.map({ (1...65_535).contains($0) }) ?? true
        else { return nil }
        self.text = text
        self.scheme = scheme
        self.host = host.trimmingBrackets.lowercased()
        port = parts.port ?? (scheme == "https" ? 443 : 80)
        path = parts.percentEncodedPath
        query = parts.percentEncodedQuery
    }

    /// Scheme, host and port: what a credential may be sent to (RFC 9110 section 4.3.1).
    package var origin: String {
        "\(scheme)://\(bracketedHost):\(port)"
    }

    package func isSameOrigin(as other: WebAddress) -> Bool { origin == other.origin }

    /// Host and port as the `Host` field has them: no port where it is the scheme's own.
    package var authority: String {
        port == (scheme == "https" ? 443 : 80) ? bracketedHost : "\(bracketedHost):\(port)"
    }

    /// The address with another path at the same origin and without a query.
    package func replacingPath(with path: String) -> WebAddress? {
        WebAddress("\(scheme)://\(authority)\(path)")
    }

    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// Where the host is, as far as its text tells: names are not resolved.
    package var neighbourhood: Neighbourhood { Neighbourhood(host: host) }
}

extension String {
    fileprivate var trimmingBrackets: String {
        hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
    }
}
