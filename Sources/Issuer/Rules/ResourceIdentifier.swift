/// The form of a resource indicator: an absolute URI (RFC 3986 section 4.3), which has no fragment (RFC 8707 section 2).
package enum ResourceIdentifier {
    package static func isValid(_ text: String) -> Bool {
        guard text.utf8.count <= 2048, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let scheme = text.utf8[..<colon]
        let rest = Array(text.utf8[text.utf8.index(after: colon)...])
        guard let first = scheme.first, isLetter(first), scheme.allSatisfy({ isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }),
            !rest.isEmpty, rest.allSatisfy({ isLetter($0) || isDigit($0) || "-._~:/?@!$&'()*+,;=%[]".utf8.contains($0) }),
            escapesAreWhole(rest)
        else { return false }
        // Where there is an authority it must name a host, and a user there only serves to deceive.
        guard ["http", "https"].contains(text[..<colon].lowercased()) else { return true }
        let authority = rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        return rest.starts(with: "//".utf8) && !authority.isEmpty && authority.first != UInt8(ascii: ":")
            && !authority.contains(UInt8(ascii: "@"))
    }

    private static func escapesAreWhole(_ bytes: [UInt8]) -> Bool {
        bytes.indices.filter { bytes[$0] == UInt8(ascii: "%") }.allSatisfy { at in
            at + 2 < bytes.count && bytes[at + 1...at + 2].allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
