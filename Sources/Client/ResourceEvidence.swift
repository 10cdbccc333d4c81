package import Auth
package import MCP

/// A protected resource's metadata (RFC 9728 section 3.2) with what it is judged against.
package struct ResourceEvidence: Sendable {
    package var document: JSONValue
    /// Where it came from.
    package var source: WebAddress
    /// The identifiers that the document's `resource` may be: the one the client uses the server by.
    package var identifiers: [String]
    /// Added by the checks.
    package var resource = ""
    package var issuers: [WebAddress] = []

    package init(document: JSONValue, source: WebAddress, identifiers: [String]) {
        self.document = document
        self.source = source
        self.identifiers = identifiers
    }

    package var scopes: ScopeSet? {
        guard let listed = document["scopes_supported"]?.array?.compactMap(\.string), !listed.isEmpty else { return nil }
        return ScopeSet(parsing: listed.joined(separator: " "))
    }

    /// `resource` names this server, byte for byte; and somebody issues tokens for it.
    package static let checks = Verifier<ResourceEvidence>([
        // RFC 9728 section 3.3: otherwise the document MUST NOT be used. A token for another resource would be handed to this server.
        Check("resource") { evidence, _ in
            guard let resource = evidence.document["resource"]?.string,
                evidence.identifiers.contains(where: { $0.utf8.elementsEqual(resource.utf8) })
            else {
                return Refusal(.audience, "its metadata is about another resource than \(evidence.identifiers[0])")
            }
            evidence.resource = resource
            return nil
        },
        Check("authorization-servers") { evidence, _ in
            let listed = evidence.document["authorization_servers"]?.array ?? []
            evidence.issuers = listed.compactMap { $0.string.flatMap(WebAddress.init) }
            return evidence.issuers.isEmpty ? Refusal(.issuer, "its metadata names no token issuer") : nil
        },
        // The server, whoever it is, must not point this client at machines in the client's own neighbourhood.
        Check("neighbourhood") { evidence, _ in
            let source = evidence.source
            evidence.issuers.removeAll { !$0.mayBeNamed(by: source) }
            return evidence.issuers.isEmpty ? Refusal(.issuer, "its metadata names only token issuers at private addresses") : nil
        },
    ])
}

extension WebAddress {
    /// Whether a document from another address may send us here: to public names always, to loopback and private addresses only
    /// when it is from such a place itself; and from TLS never to plain HTTP.
    package func mayBeNamed(by source: WebAddress) -> Bool {
        (neighbourhood == .elsewhere || neighbourhood == source.neighbourhood) && (scheme == "https" || source.scheme == "http")
    }
}
