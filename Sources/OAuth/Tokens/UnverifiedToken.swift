/// The parts of a JWS in compact form (RFC 7515 section 7.1), of which nothing is known to be true yet.
package struct UnverifiedToken: Sendable {
    package struct Malformed: Error, Equatable {
        package let detail: String
    }

    /// Longer tokens are not read at all. Servers in front of ours rarely let headers through that are longer.
    package static let maximumLength = 8192

    package let header: [String: JSONValue]
    package let claims: [String: JSONValue]
    package let signature: [UInt8]
    /// What the signature is over: the first two parts and the point between them, as they were sent.
    package let signingInput: [UInt8]

    /// - Throws: ``Malformed`` for anything but three parts of strict base64url, of which the first two are JSON objects
    ///   without two members of one name. An empty signature passes here, and no signature check.
    package init(parsing text: String) throws(Malformed) {
        guard text.utf8.count <= Self.maximumLength else { throw Malformed(detail: "longer than \(Self.maximumLength) bytes") }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Substring.init)
        guard parts.count == 3 else { throw Malformed(detail: "\(parts.count) parts, not 3") }
        header = try Self.object(parts[0], "header")
        claims = try Self.object(parts[1], "payload")
        guard let signature = Base64URL.decode(parts[2]) else { throw Malformed(detail: "the signature is not base64url") }
        self.signature = signature
        signingInput = Array("\(parts[0]).\(parts[1])".utf8)
    }

    /// From parts that somebody else has read.
    package init(header: [String: JSONValue], claims: [String: JSONValue], signature: [UInt8], signingInput: [UInt8]) {
        self.header = header
        self.claims = claims
        self.signature = signature
        self.signingInput = signingInput
    }

    private static func object(_ part: Substring, _ name: String) throws(Malformed) -> [String: JSONValue] {
        guard let bytes = Base64URL.decode(part) else { throw Malformed(detail: "the \(name) is not base64url") }
        do {
            return try StrictJSON.parseObject(bytes)
        } catch {
            throw Malformed(detail: "the \(name) is not a strict JSON object (byte \(error.offset))")
        }
    }
}
