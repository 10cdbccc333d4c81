/// Where metadata documents are looked for, in order.
package enum MetadataPlaces {
    package typealias Resource = [(address: WebAddress, identifiers: [String])]

    /// A protected resource's (RFC 9728 sections 3.1 and 5.1): the challenge's word, else with the server's path, then at the root.
    ///
    /// A challenge that points to another origin is refused: it would let a server have the client ask anybody anything
    /// (section 7.7). Only at the root may the document be about the whole origin.
    package static func resource(
        _ server: WebAddress, _ resource: String, _ challenge: Challenge?
    ) throws(ClientError) -> Resource {
        if let named = challenge?.resourceMetadata {
            guard let address = WebAddress(named), address.isSameOrigin(as: server) else {
                throw .violation("the server's challenge names metadata at another origin, which is not asked", status: 401)
            }
            return [(address, [resource])]
        }
        let wellKnown = "/.well-known/oauth-protected-resource"
        let path = server.path == "/" ? "" : server.path
        var places: Resource = []
        if !path.isEmpty, let address = server.replacingPath(with: wellKnown + path) { places.append((address, [resource])) }
        if let address = server.replacingPath(with: wellKnown) {
            places.append((address, [resource, "\(server.scheme)://\(server.authority)"]))
        }
        return places
    }

    /// An issuer's (MCP authorization server discovery; RFC 8414 section 3.1, OpenID Connect Discovery section 4).
    package static func issuer(_ issuer: WebAddress) -> [WebAddress] {
        let path = issuer.path.hasSuffix("/") ? String(issuer.path.dropLast()) : issuer.path
        let paths =
            path.isEmpty
            ? ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]
            : [
                "/.well-known/oauth-authorization-server" + path, "/.well-known/openid-configuration" + path,
                path + "/.well-known/openid-configuration",
            ]
        return paths.compactMap { issuer.replacingPath(with: $0) }
    }
}
