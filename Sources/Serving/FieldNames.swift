package import HTTPTypes

extension HTTPField.Name {
    /// Identifies the request in the answer and in the audit trail.
    package static let requestID = known("X-Request-Id")
    /// A proof of possession, and what it must carry (RFC 9449 section 12.8).
    package static let dpop = known("DPoP")
    package static let dpopNonce = known("DPoP-Nonce")
    static let host = known("Host")

    /// - Parameter name: Of a field; anything else traps.
    package static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a token") }
        return name
    }
}
