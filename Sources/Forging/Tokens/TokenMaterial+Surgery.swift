/// Right tokens that were cut, lengthened or changed afterwards.
extension TokenMaterial {
    func surgery(_ attack: TokenAttack) throws -> [ForgedToken] {
        let parts = try parts()
        let (head, payload, signature) = (parts[0], parts[1], parts[2])
        switch attack {
        case .missingParts:
            return [
                ForgedToken("no signature", "\(head).\(payload)"), ForgedToken("an empty signature", "\(head).\(payload)."),
                ForgedToken("no payload", "\(head).\(signature)"), ForgedToken("an empty payload", "\(head)..\(signature)"),
                ForgedToken("no header", "\(payload).\(signature)"), ForgedToken("an empty header", ".\(payload).\(signature)"),
                ForgedToken("the header alone", head), ForgedToken("the header and points", "\(head).."),
                ForgedToken("the payload alone", ".\(payload)."), ForgedToken("the signature alone", "..\(signature)"),
                ForgedToken("points alone", ".."), ForgedToken("one point", "."),
                ForgedToken(
                    "half a signature",
                    String(
                        "\(head).\(payload).\(signature.prefix(signature.count / 2))")),
            ]
        case .extraParts:
            return [
                ForgedToken("a fourth part", "\(head).\(payload).\(signature).\(signature)"),
                ForgedToken("an empty fourth part", "\(head).\(payload).\(signature)."),
                ForgedToken("an empty part in front", ".\(head).\(payload).\(signature)"),
                ForgedToken("five parts", "\(head).\(payload).\(signature).\(payload).\(signature)"),
                ForgedToken("seven parts", "\(head).\(payload).\(signature).a.b.c.d"),
                ForgedToken("two payloads", "\(head).\(payload).\(payload).\(signature)"),
                ForgedToken("two tokens in a row", "\(head).\(payload).\(signature)\(head).\(payload).\(signature)"),
            ]
        case .changedSignature: return try changes(of: signature) { "\(head).\(payload).\($0)" }
        case .changedPayload: return try claimsChanged(head, signature)
        default: return try changed(head, payload, signature)
        }
    }

    /// One bit of each octet.
    private func changes(of signature: String, _ whole: (String) -> String) throws -> [ForgedToken] {
        let bytes = try TokenForge.decoded(signature)
        return stride(from: 0, to: bytes.count, by: max(1, bytes.count / 64)).map { place in
            var other = bytes
            other[place] ^= UInt8(1 << (place % 8))
            return ForgedToken("another bit in octet \(place)", whole(TokenForge.base64URL(other)))
        }
    }

    /// Claims that somebody would like to have, under the signature of those he has.
    private func claimsChanged(_ head: String, _ signature: String) throws -> [ForgedToken] {
        let wishes: [(String, String)] = [
            ("scope", "\"mcp:read mcp:write mcp:execute mcp:admin\""), ("sub", "\"admin\""), ("client_id", "\"admin\""),
            ("exp", "99999999999"),
            ("iat", "1"), ("jti", "\"another\""), ("nbf", "0"), ("admin", "true"), ("cnf", "{}"), ("roles", "[\"admin\"]"),
        ]
        return wishes.map { name, text in
            var claims = claims.filter { $0.0 != name }
            claims.append((name, text))
            return ForgedToken("another \(name)", "\(head).\(encoded(claims)).\(signature)")
        } + [
            ForgedToken("the claims in another order", "\(head).\(encoded(claims.reversed())).\(signature)"),
            ForgedToken(
                "a blank behind the claims", "\(head).\(TokenForge.base64URL(Array((JSONText.object(claims) + " ").utf8))).\(signature)"),
        ]
    }

    private func changed(_ head: String, _ payload: String, _ signature: String) throws -> [ForgedToken] {
        let texts = [
            ("a member more", JSONText.object(header([("x", "1")]))), ("a blank more", JSONText.object(header) + " "),
            ("another order", JSONText.object(header.reversed())),
            ("another spelling of typ", JSONText.object(header([("typ", "\"AT+JWT\"")]))),
            ("a content type", JSONText.object(header([("cty", "\"JWT\"")]))),
            ("an escaped letter", JSONText.object(header).replacing("at+jwt", with: "at+\\u006awt")),
        ]
        return texts.map { title, text in ForgedToken(title, "\(TokenForge.base64URL(Array(text.utf8))).\(payload).\(signature)") }
    }
}
