import COpenSSL

/// RSA signatures whose padding is not as it must be (RFC 8017 sections 8.2.2 and 9.2): made with the right key, so that only a
/// verifier that compares every octet tells them from right ones.
extension TokenMaterial {
    func rsa(_ attack: TokenAttack) throws -> [ForgedToken] {
        guard key.algorithm == .rs256 else { throw ForgingError("RSA signatures need a key of that kind") }
        let parts = try parts()
        let input = "\(parts[0]).\(parts[1])"
        let signer = try PrivateKey.reading(key.privatePEM)
        let length = try signer.number("n").count
        let digest = ContentDigest.octets(of: Array(input.utf8))
        func token(_ title: String, _ message: [UInt8]) throws -> ForgedToken {
            ForgedToken(title, "\(input).\(TokenForge.base64URL(try signer.raise(message)))")
        }
        func padded(_ info: [UInt8], type: UInt8 = 1, filler: UInt8 = 0xFF) -> [UInt8] {
            [0, type] + [UInt8](repeating: filler, count: length - info.count - 3) + [0] + info
        }
        let right = padded(Self.sha256 + digest)
        switch attack {
        case .rsaPrefix:
            // Every octet of the algorithm identifier, one after another.
            return try Self.sha256.indices.map { place in
                var info = Self.sha256 + digest
                info[place] ^= 1
                return try token("another octet \(place) in the identifier", padded(info))
            }
        case .rsaPadding:
            let places = Array(stride(from: 2, to: right.count - 52, by: 8))
            return try places.map { place in
                var message = right
                message[place] = 0xFE
                return try token("padding 0xFE at \(place)", message)
            } + [
                token("type 0", padded(Self.sha256 + digest, type: 0, filler: 0)), token("type 2", padded(Self.sha256 + digest, type: 2)),
                token("filler 0", padded(Self.sha256 + digest, filler: 0)), token("no zero behind the filler", Self.unseparated(right)),
            ]
                + Self.shorter.map { count in
                    // Room behind the digest, where anything can stand.
                    let tail = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
                    let front = [0, 1] + [UInt8](repeating: 0xFF, count: length - 3 - 51 - count) + [0]
                    return try token("\(count) octets behind the digest", front + Self.sha256 + digest + tail)
                }
        case .rsaDigestInfo:
            return try Self.identifiers.map { try token($0.0, padded($0.1 + digest)) } + [
                token("the digest alone", padded(digest)), token("no digest", padded(Self.sha256)),
                token("half a digest", padded(Self.sha256 + digest.prefix(16))),
                token("two digests", padded(Self.sha256 + digest + digest)),
                token("another digest", padded(Self.sha256 + digest.reversed())),
            ]
        default:
            let signature = try signer.raise(right)
            let all: [(String, [UInt8])] = [
                ("an octet less", Array(signature.dropLast())), ("an octet more", signature + [0]), ("a zero in front", [0] + signature),
                ("the first octet missing", Array(signature.dropFirst())), ("twice", signature + signature),
                ("zero", [UInt8](repeating: 0, count: length)),
                ("one", [UInt8](repeating: 0, count: length - 1) + [1]), ("all ones", [UInt8](repeating: 0xFF, count: length)),
                ("the modulus", try signer.number("n")), ("the padded message itself", right),
            ]
            return all.map { ForgedToken($0.0, "\(input).\(TokenForge.base64URL($0.1))") }
        }
    }

    /// Right signatures by the right key, which is published for another algorithm (RFC 7517 section 4.4; RFC 8725 section 3.1).
    func otherAlgorithmsOfTheKey() throws -> [ForgedToken] {
        guard key.algorithm == .rs256 else { throw ForgingError("RSA signatures need a key of that kind") }
        let signer = try PrivateKey.reading(key.privatePEM)
        let algorithms: [(String, OpaquePointer?, Bool)] = [
            ("RS384", EVP_sha384(), false), ("RS512", EVP_sha512(), false), ("PS256", EVP_sha256(), true), ("PS512", EVP_sha512(), true),
        ]
        return try algorithms.map { name, digest, isPSS in
            let input = "\(encoded(header([("alg", JSONText.string(name))]))).\(encoded(claims))"
            let signature = try signer.sign(Array(input.utf8), digest: digest, isPSS: isPSS)
            return ForgedToken("a right signature by \(name)", "\(input).\(TokenForge.base64URL(signature))")
        }
    }

    private static let shorter = [1, 2, 4, 8, 16, 32, 64, 96, 128, 160, 190]

    private static func unseparated(_ message: [UInt8]) -> [UInt8] {
        var message = message
        message[message.count - 52] = 0xFF
        return message
    }

    /// The DigestInfo of SHA-256 up to the digest (RFC 8017 section 9.2, note 1).
    private static let sha256: [UInt8] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
    ]

    /// The same in other words, or for other digests.
    private static let identifiers: [(String, [UInt8])] = [
        ("without the NULL", [0x30, 0x2F, 0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x04, 0x20]),
        ("a long length outside", [0x30, 0x81, 0x31] + sha256.dropFirst(2)),
        ("a longer length outside", [0x30, 0x82, 0x00, 0x31] + sha256.dropFirst(2)),
        ("a long length inside", [0x30, 0x32, 0x30, 0x81, 0x0D] + sha256.dropFirst(4)),
        ("a long length at the digest", [0x30, 0x32] + sha256.dropFirst(2).dropLast(1) + [0x81, 0x20]),
        ("an indefinite length", [0x30, 0x80] + sha256.dropFirst(2)), ("a set for the sequence", [0x31, 0x31] + sha256.dropFirst(2)),
        (
            "octets for the NULL",
            [0x30, 0x33, 0x30, 0x0F, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x02, 0x41, 0x41, 0x04, 0x20]
        ),
        (
            "a NULL with a content",
            [0x30, 0x32, 0x30, 0x0E, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x01, 0x00, 0x04, 0x20]
        ),
        ("SHA-1", [0x30, 0x2D, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x20]),
        ("SHA-384", [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x20]),
        ("SHA-512", [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x20]),
        (
            "SHA-512/256",
            [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x06, 0x05, 0x00, 0x04, 0x20]
        ),
        ("MD5", [0x30, 0x30, 0x30, 0x0C, 0x06, 0x08, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x02, 0x05, 0x05, 0x00, 0x04, 0x20]),
        ("an empty identifier", [0x30, 0x24, 0x30, 0x00, 0x04, 0x20]),
    ]
}
