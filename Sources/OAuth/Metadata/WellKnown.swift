/// Where metadata is found: `/.well-known/NAME` goes between an identifier's authority and its path
/// (RFC 8414 section 3.1, RFC 9728 section 3.1).
package enum WellKnown {
    /// - Parameters:
    ///   - name: Such as ``ProtectedResourceMetadata/wellKnown``.
    ///   - identifier: An `https` (or `http`) URL without a fragment.
    /// - Returns: The URL of the document, or nil when the identifier is not such a URL.
    package static func url(_ name: String, of identifier: String) -> String? {
        guard let (origin, path) = split(identifier) else { return nil }
        return "\(origin)/.well-known/\(name)\(path)"
    }

    /// The path of the document on the server that the identifier names.
    package static func path(_ name: String, of identifier: String) -> String? {
        split(identifier).map { "/.well-known/\(name)\($0.path)" }
    }

    /// The path of the document in the older way, in which the identifier's path comes first (OpenID Connect Discovery section 4).
    package static func appended(_ name: String, to identifier: String) -> String? {
        split(identifier).map { "\($0.path)/.well-known/\(name)" }
    }

    /// A slash that ends the path is taken away (RFC 8414 section 3.1). A query stays where it was (RFC 9728 section 3.1).
    private static func split(_ identifier: String) -> (origin: Substring, path: Substring)? {
        guard identifier.hasPrefix("https://") || identifier.hasPrefix("http://"), !identifier.contains("#") else { return nil }
        guard let scheme = identifier.firstRange(of: "://") else { return nil }
        let authority = identifier[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty else { return nil }
        var path = identifier[authority.endIndex...]
        if path.hasSuffix("/") { path.removeLast() }
        return (identifier[..<authority.endIndex], path)
    }
}
