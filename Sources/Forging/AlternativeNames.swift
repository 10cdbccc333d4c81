/// A subject alternative name's DER (RFC 5280 section 4.2.1.6), octet by octet: OpenSSL's own notation splits at commas,
/// so a name could smuggle in another.
enum AlternativeNames {
    /// Nil when there are none.
    /// - Throws: `ForgingError` for text that is not IA5 or an address that is not IPv4.
    static func der(dns: [String], uris: [String], addresses: [String]) throws -> [UInt8]? {
        var names: [UInt8] = []
        for name in dns { names += try tagged(0x82, text(name)) }
        for uri in uris { names += try tagged(0x86, text(uri)) }
        for address in addresses {
            guard let octets = octets(ofAddress: address) else { throw ForgingError.request("'\(address)' is not an IPv4 address") }
            names += tagged(0x87, octets)
        }
        return names.isEmpty ? nil : tagged(0x30, names)
    }

    static func octets(ofAddress text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        let octets = parts.compactMap(\.self)
        return parts.count == 4 && octets.count == 4 ? octets : nil
    }

    private static func text(_ name: String) throws -> [UInt8] {
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ForgingError.request("'\(name)' cannot be a name in a certificate: only visible ASCII can")
        }
        return Array(name.utf8)
    }

    private static func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = content.count
        guard rest > 127 else { return [tag, UInt8(rest)] + content }
        while rest > 0 {
            length.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [tag, 0x80 | UInt8(length.count)] + length + content
    }
}
