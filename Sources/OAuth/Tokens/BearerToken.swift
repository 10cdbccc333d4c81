/// The form of a token that is sent in an `Authorization` field.
package enum BearerToken {
    /// `b64token` of RFC 6750 section 2.1.
    package static func isValid(_ text: some StringProtocol) -> Bool {
        let body = text.utf8.reversed().drop { $0 == UInt8(ascii: "=") }
        return !body.isEmpty
            && body.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-._~+/".utf8.contains(byte)
                }
            }
    }
}
