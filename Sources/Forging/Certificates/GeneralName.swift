/// One name of a subject, an issuer or a constraint (RFC 5280 section 4.2.1.6), as octets: what is in it is not looked at.
enum GeneralName: Sendable, Hashable {
    case dns([UInt8])
    case uri([UInt8])
    case email([UInt8])
    /// Four or sixteen octets; in a constraint a mask of as many follows.
    case address([UInt8])
    case directory(DistinguishedName)

    static func dns(_ text: String) -> Self { .dns(Array(text.utf8)) }
    static func uri(_ text: String) -> Self { .uri(Array(text.utf8)) }
    static func email(_ text: String) -> Self { .email(Array(text.utf8)) }

    func der() throws -> [UInt8] {
        switch self {
        case .email(let octets): DER.tagged(0x81, octets)
        case .dns(let octets): DER.tagged(0x82, octets)
        case .directory(let name): DER.tagged(0xA4, try name.der())
        case .uri(let octets): DER.tagged(0x86, octets)
        case .address(let octets): DER.tagged(0x87, octets)
        }
    }

    /// The names of a certificate that is issued for somebody: only what can be read, so that none hides another.
    /// - Throws: `ForgingError` of kind request for a text that is not visible ASCII.
    static func readable(dns: [String], uris: [String]) throws -> [Self] {
        for name in dns + uris where name.isEmpty || !name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw ForgingError.request("'\(name)' cannot be a name in a certificate: only visible ASCII can")
        }
        return dns.map { .dns($0) } + uris.map { .uri($0) }
    }

    /// Four octets of a dotted address.
    static func octets(ofAddress text: String) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        let octets = parts.compactMap(\.self)
        return parts.count == 4 && octets.count == 4 ? octets : nil
    }

    /// Eight octets, network and mask, of a text such as `192.0.2.0/24`.
    static func octets(ofNetwork text: String) -> [UInt8]? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = octets(ofAddress: String(parts[0])), let bits = UInt32(parts[1]), bits <= 32 else {
            return nil
        }
        let mask = bits == 0 ? 0 : UInt32.max << (32 - bits)
        return address + [24, 16, 8, 0].map { UInt8(mask >> $0 & 0xFF) }
    }
}
