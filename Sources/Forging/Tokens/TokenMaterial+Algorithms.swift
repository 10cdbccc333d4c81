import COpenSSL

/// Tokens that choose for themselves how they are verified (RFC 8725 sections 2.1 and 3.1).
extension TokenMaterial {
    func algorithms(_ attack: TokenAttack) throws -> [ForgedToken] {
        switch attack {
        case .algorithmNone: try unsigned()
        case .hmacWithPublicKey: try hmacs()
        default: try unlisted()
        }
    }

    private func unsigned() throws -> [ForgedToken] {
        let spellings = ["\"none\"", "\"None\"", "\"NONE\"", "\"nOnE\"", "\"\"", "null", "\"none \"", "0", "[]", nil]
        return try spellings.flatMap { spelling -> [ForgedToken] in
            let input = "\(encoded(header([("alg", spelling)]))).\(encoded(claims))"
            let name = "alg \(spelling ?? "absent")"
            let right = TokenForge.base64URL(try TokenForge.signature(input, key))
            // The plainest of all, none without a signature, is no attack but a way to sign: it is tried by itself.
            let plain = spelling == "\"none\"" ? [] : [ForgedToken("\(name), no signature", "\(input).")]
            return plain + [
                ForgedToken("\(name), any signature", "\(input).AAAA"),
                ForgedToken("\(name), the right signature", "\(input).\(right)"),
            ]
        }
    }

    private func hmacs() throws -> [ForgedToken] {
        let pem = Array(key.publicPEM.utf8)
        let body = key.publicPEM.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        let secrets: [(String, [UInt8])] = [
            ("the PEM", pem), ("the PEM without its last line break", Array(key.publicPEM.trimmingLineBreaks.utf8)),
            ("the base64 of the key", Array(body.utf8)), ("the DER", try TokenForge.decoded(body, standard: true)),
            ("the JWK", Array(key.publicJWK.utf8)),
            ("the key's name", Array(key.id.utf8)), ("nothing", []),
        ]
        return [("HS256", EVP_sha256()), ("HS384", EVP_sha384()), ("HS512", EVP_sha512())].flatMap { name, digest in
            let input = "\(encoded(header([("alg", "\"\(name)\"")]))).\(encoded(claims))"
            return secrets.map { title, secret in
                ForgedToken(
                    "\(name) keyed with \(title)", "\(input).\(TokenForge.base64URL(TokenForge.hmac(input, secret: secret, digest)))")
            }
        }
    }

    /// The key's own signature under the name of another algorithm.
    private func unlisted() throws -> [ForgedToken] {
        let names =
            [
                "ES384", "ES512", "ES256K", "PS256", "PS384", "RS1", "RS384", "RS512", "EdDSA", "Ed25519", "es256", "rs256", "ES256 ",
                " ES256",
                "SHA256withECDSA", "ECDSA", "dir", "RSA1_5",
            ] + (key.algorithm == .es256 ? ["RS256"] : ["ES256"])
        return try names.map { ForgedToken("alg \($0)", try token(header([("alg", JSONText.string($0))]))) }
    }
}

extension String {
    var trimmingLineBreaks: String {
        var text = self
        while text.last == "\n" { text.removeLast() }
        return text
    }
}
