import HTTPTypes

extension HTTPField.Name {
    /// RFC 9449 section 12.8.
    static let dpop = proof("DPoP")
    static let dpopNonce = proof("DPoP-Nonce")

    private static func proof(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a token") }
        return name
    }
}
