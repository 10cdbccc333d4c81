import OAuth

/// A redirection URI (RFC 6749 section 3.1.2), taken apart as far as its rules need it.
package struct RedirectURI: Sendable, Hashable {
    /// As it was spelled, which is how it is compared and used.
    package let text: String
    /// In lower case.
    package let scheme: String
    /// A name or an address, without the brackets of IPv6; empty where there is no authority.
    package let host: String
    package let port: Int?
    /// What follows the authority.
    private let rest: Substring

    /// Reads an absolute URI without a fragment; nil for anything else, and for what only serves to deceive: a user in the
    /// authority, a wildcard, a backslash.
    package init?(_ text: String) {
        guard ResourceIdentifier.isValid(text), !text.contains("*"), let colon = text.firstIndex(of: ":") else { return nil }
        self.text = text
        scheme = text[..<colon].lowercased()
        let behind = text[text.index(after: colon)...]
        guard behind.hasPrefix("//") else {
            (host, port, rest) = ("", nil, behind)
            return
        }
        let authority = behind.dropFirst(2).prefix { $0 != "/" && $0 != "?" }
        rest = text[authority.endIndex...]
        guard let (host, port) = Self.split(authority) else { return nil }
        (self.host, self.port) = (host.lowercased(), port)
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        guard !authority.contains("@"), !authority.contains("%") else { return nil }
        let host: Substring
        var port: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[..<end].dropFirst()
            port = authority[authority.index(after: end)...]
            guard host.allSatisfy({ $0.isHexDigit || ":.".contains($0) }) else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            port = authority[host.endIndex...]
            // What no host name has could mean something in the policy of a page.
            guard host.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isLetter || (0x30...0x39).contains($0) || "-._".utf8.contains($0) })
            else { return nil }
        }
        guard !port.isEmpty else { return (String(host), nil) }
        guard port.removeFirst() == ":", port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port), number <= 65535
        else { return nil }
        return (String(host), number)
    }

    /// Whether it leads to the user's own machine, where any program may listen. `localhost` too (RFC 8252 section 8.3).
    package var isLoopback: Bool { scheme == "http" && (isLoopbackAddress || host == "localhost") }

    private var isLoopbackAddress: Bool { ["127.0.0.1", "::1"].contains(host) }

    /// Whether it leads to an app by a scheme of its own (RFC 8252 section 7.1).
    package var isPrivateUse: Bool { !["http", "https"].contains(scheme) }

    /// Where the user would end up, as he should see it.
    package var destination: String {
        isPrivateUse ? "\(scheme):" : port.map { "\(shownHost):\($0)" } ?? shownHost
    }

    private var shownHost: String { host.contains(":") ? "[\(host)]" : host }

    /// The source that a content security policy must allow for it, which knows no IPv6 addresses.
    package var policySource: String {
        if isPrivateUse || host.contains(":") { return "\(scheme):" }
        return "\(scheme)://\(host)" + (port.map { ":\($0)" } ?? "")
    }

    /// Whether a request may use it where the other one is registered: only when they are spelled alike (RFC 9700 section 2.1).
    /// Between loopback addresses the port may differ, because an app gets it from the system (RFC 8252 section 7.3).
    package func isAllowed(by registered: RedirectURI) -> Bool {
        if text.isIdentical(to: registered.text) { return true }
        return isLoopbackAddress && registered.isLoopbackAddress && text.hasPrefix("http://") && registered.text.hasPrefix("http://")
            && host == registered.host && String(rest).isIdentical(to: String(registered.rest))
    }
}
