/// The `cnf` claim (RFC 7800): what the caller must hold besides the token.
package struct Confirmation: Sendable, Hashable, Codable {
    /// SHA-256 of the client certificate in DER, base64url (RFC 8705 section 3.1).
    package var certificateThumbprint: String?
    /// RFC 7638 thumbprint of a key (RFC 9449 section 6.1).
    package var keyThumbprint: String?

    package init(certificateThumbprint: String? = nil, keyThumbprint: String? = nil) {
        self.certificateThumbprint = certificateThumbprint
        self.keyThumbprint = keyThumbprint
    }

    /// Reads the claim, or nil when it holds nothing that is known here, which means that nobody can confirm it.
    package init?(_ claim: JSONValue) {
        guard let members = claim.object, !members.isEmpty else { return nil }
        guard members.allSatisfy({ ["x5t#S256", "jkt"].contains($0.key) && $0.value.string != nil }) else { return nil }
        self.init(certificateThumbprint: members["x5t#S256"]?.string, keyThumbprint: members["jkt"]?.string)
    }

    enum CodingKeys: String, CodingKey {
        case certificateThumbprint = "x5t#S256"
        case keyThumbprint = "jkt"
    }
}
