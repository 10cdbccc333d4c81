/// ECDSA signatures that a careless verifier takes (RFC 7518 section 3.4; RFC 8725 section 3.4).
extension TokenMaterial {
    func ecdsa(_ attack: TokenAttack) throws -> [ForgedToken] {
        guard key.algorithm == .es256 else { throw ForgingError("ECDSA signatures need a key of that kind") }
        let parts = try parts()
        let input = "\(parts[0]).\(parts[1])"
        let right = try TokenForge.decoded(parts[2])
        func token(_ title: String, _ signature: [UInt8]) -> ForgedToken {
            ForgedToken(title, "\(input).\(TokenForge.base64URL(signature))")
        }
        switch attack {
        case .specialECDSANumbers:
            let numbers = Self.numbers
            return numbers.flatMap { r in numbers.map { s in token("r = \(r.name), s = \(s.name)", r.octets + s.octets) } }
        case .ecdsaDER:
            let signer = try PrivateKey.reading(key.privatePEM)
            let der = try signer.sign(Array(input.utf8))
            return [token("DER", der), token("DER and padding", der + [UInt8](repeating: 0, count: 8))]
        default:
            let (r, s) = (Array(right.prefix(32)), Array(right.suffix(32)))
            let lengths = [1, 32, 63].map { token("\($0) octets", Array(right.prefix($0))) }
            return lengths + [
                token("65 octets, one more", right + [0]), token("65 octets, one in front", [0] + right), token("96 octets", right + s),
                token("128 octets", right + right), token("r and s exchanged", s + r), token("r twice", r + r), token("s twice", s + s),
                token("33 octets each", [0] + r + [0] + s),
                token("48 octets each", [UInt8](repeating: 0, count: 16) + r + [UInt8](repeating: 0, count: 16) + s),
            ]
        }
    }

    /// Around the ends of the range that r and s come from, which is 1 to n - 1.
    private static var numbers: [(name: String, octets: [UInt8])] {
        let order: [UInt8] = [
            0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E,
            0x84,
            0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
        ]
        let prime: [UInt8] =
            [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 12) + [UInt8](repeating: 0xFF, count: 12)
        let zero = [UInt8](repeating: 0, count: 32)
        func last(_ octets: [UInt8], _ value: UInt8) -> [UInt8] { octets.dropLast() + [value] }
        return [
            ("0", zero), ("1", last(zero, 1)), ("n - 1", last(order, 0x50)), ("n", order), ("n + 1", last(order, 0x52)), ("p", prime),
            ("2^256 - 1", [UInt8](repeating: 0xFF, count: 32)),
        ]
    }
}
