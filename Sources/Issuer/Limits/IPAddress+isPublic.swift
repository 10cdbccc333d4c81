package import MutualTLS

extension IPAddress {
    /// Whether it is a public address, which anybody may be sent to: not this machine, a private network, a link, a group, or
    /// something reserved (RFC 6890). IPv4 addresses that are wrapped into IPv6 count as what they are.
    package var isPublic: Bool {
        switch octets.count {
        case 4: Self.isPublic(octets[0], octets[1], octets[2])
        case 16: isPublicVersion6
        default: false
        }
    }

    private static func isPublic(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Bool {
        switch (a, b, c) {
        case (0, _, _), (10, _, _), (127, _, _), (224..., _, _): false  // this network, private, loopback, groups and reserved
        case (100, 64...127, _): false  // carriers' own
        case (169, 254, _): false  // link-local, where clouds tell their secrets
        case (172, 16...31, _), (192, 168, _): false  // private
        case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _), (198, 51, 100), (203, 0, 113): false  // special and examples
        default: true
        }
    }

    private var isPublicVersion6: Bool {
        // ::ffff:a.b.c.d and 64:ff9b::a.b.c.d lead to the address inside.
        let wrapped: [[UInt8]] = [
            [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF], [0, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8),
        ]
        if wrapped.contains(Array(octets.prefix(12))) { return Self.isPublic(octets[12], octets[13], octets[14]) }
        // 6to4, the same at another place.
        if octets.starts(with: [0x20, 0x02]) { return Self.isPublic(octets[2], octets[3], octets[4]) }
        // All that is given out is below 2000::/3; 2001::/23 and the examples are not.
        return octets[0] & 0xE0 == 0x20 && !(octets.starts(with: [0x20, 0x01]) && octets[2] < 2)
            && !octets.starts(with: [0x20, 0x01, 0x0D, 0xB8])
    }

    /// As it is written, without brackets.
    package var text: String {
        if octets.count == 4 { return octets.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: octets.count - 1, by: 2).map {
            String(UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]), radix: 16)
        }
        return groups.joined(separator: ":")
    }
}
