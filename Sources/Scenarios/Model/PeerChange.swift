/// What is different about the world around a client under test: the bed plays server, issuer, browser and attacker.
package struct PeerChange: Sendable, Codable, Hashable {
    package enum Part: String, Sendable, Codable, CaseIterable {
        /// How the server's port behaves before any HTTP.
        case tls
        /// What has become of the client's own certificate and key on disk.
        case ownFiles = "own-files"
    }

    package var part: Part
    /// One of the part's `words`.
    package var how: String

    package init(part: Part, how: String) {
        self.part = part
        self.how = how
    }
}

extension PeerChange.Part {
    /// The closed list of what can be different.
    package var words: [String] {
        switch self {
        case .tls:
            [
                "other-authority", "self-signed", "expired", "not-yet-valid", "issued-by-client", "other-name", "partial-wildcard",
                "wildcard-below", "zero-octet", "common-name-only", "version-1", "client-usage", "tls-1.0", "tls-1.1", "no-tls", "cut",
                "asks", "asks-by-name", "takes-other-authorities",
            ]
        case .ownFiles: ["replaced", "replaced-in-two-steps", "half-written"]
        }
    }
}
