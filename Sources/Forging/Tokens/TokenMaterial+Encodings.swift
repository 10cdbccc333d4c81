/// Right tokens in another spelling or another form.
extension TokenMaterial {
    func encodings(_ attack: TokenAttack) throws -> [ForgedToken] {
        let parts = try parts()
        func each(_ title: String, _ change: (String) -> String?) -> [ForgedToken] {
            ["header", "payload", "signature"].enumerated().compactMap { index, name in
                guard let other = change(parts[index]), other != parts[index] else { return nil }
                var all = parts
                all[index] = other
                return ForgedToken("\(title) in the \(name)", all.joined(separator: "."))
            }
        }
        switch attack {
        case .base64Padding:
            let padded = { (part: String) in part + String(repeating: "=", count: (4 - part.count % 4) % 4) }
            return each("padding", padded) + each("one pad", { $0 + "=" }) + each("two pads", { $0 + "==" })
                + each("pads in front", { "=" + $0 }) + each("four pads", { $0 + "====" })
        case .base64Alphabet:
            let standard = { (part: String) in part.replacing("-", with: "+").replacing("_", with: "/") }
            return each("the standard alphabet", standard) + each("a plus more", { $0 + "+" }) + each("a tilde", { $0.dropLast() + "~" })
                + each("a tilde in the middle", { String($0.prefix(8)) + "~" + String($0.dropFirst(8)) })
                + each("a blank in the middle", { String($0.prefix(8)) + " " + String($0.dropFirst(8)) })
                + each("a letter more", { $0 + "A" }) + each("a letter less", { String($0.dropLast()) })
                + each("a point in the middle", { String($0.prefix(8)) + "." + String($0.dropFirst(8)) })
        case .base64SpareBits: return each("spare bits", Self.withSpareBits)
        case .encrypted:
            let head = TokenForge.base64URL(Array(#"{"alg":"dir","enc":"A128GCM","zip":"DEF"}"#.utf8))
            let slow = TokenForge.base64URL(
                Array(#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":2147483647,"p2s":"AAAA"}"#.utf8))
            return [
                ForgedToken("JWE, compressed", "\(head)..AAAA.\(parts[1]).AAAA"),
                ForgedToken("JWE, a slow password", "\(slow).AAAA.AAAA.AAAA.AAAA"),
            ]
        default:
            let flat = #"{"payload":"\#(parts[1])","protected":"\#(parts[0])","signature":"\#(parts[2])"}"#
            let general = #"{"payload":"\#(parts[1])","signatures":[{"protected":"\#(parts[0])","signature":"\#(parts[2])"}]}"#
            return [
                ForgedToken("JSON, flattened", flat), ForgedToken("JSON, general", general),
                ForgedToken("JSON, flattened, encoded", TokenForge.base64URL(Array(flat.utf8))),
                ForgedToken("JSON in three parts", "\(TokenForge.base64URL(Array(flat.utf8))).\(parts[1]).\(parts[2])"),
            ]
        }
    }

    /// The same octets by another last letter: its lowest bits belong to no octet. Nil where there are none.
    private static func withSpareBits(_ part: String) -> String? {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        guard part.count % 4 != 0, let last = part.last, let place = alphabet.firstIndex(of: last) else { return nil }
        return part.dropLast() + String(alphabet[place ^ 1])
    }

    /// Tokens that are rightly signed, and much larger or deeper than any issuer's.
    func sizes(_ attack: TokenAttack) throws -> [ForgedToken] {
        func with(_ title: String, _ text: String) throws -> ForgedToken { ForgedToken(title, try token(nil, claims + [("x", text)])) }
        switch attack {
        case .large:
            return try [4, 6, 8, 12, 16, 20].map { try with("\($0) KiB", JSONText.string(String(repeating: "a", count: $0 << 10))) }
        case .deep:
            return try [16, 31, 32, 33, 64, 512, 4000].map { depth in
                try with("\(depth) levels", String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
            }
        default:
            return try [
                with("a thousand members", "{" + (0..<500).map { "\"m\($0)\":0" }.joined(separator: ",") + "}"),
                with("two thousand elements", "[" + [String](repeating: "0", count: 2000).joined(separator: ",") + "]"),
                with("numbers without end", "1" + String(repeating: "0", count: 3000)), with("a huge exponent", "1e999999999"),
            ]
        }
    }
}
