/// What a token can be bound to, so that a thief who has the token alone has nothing.
package enum TokenBinding: String, Sendable, Hashable, Codable, CaseIterable {
    /// The client certificate of the connection (RFC 8705 section 3).
    case certificate
    /// A key that each request proves the possession of (RFC 9449).
    case dpop

    /// For sentences.
    var thing: String {
        switch self {
        case .certificate: "certificate"
        case .dpop: "key"
        }
    }
}
