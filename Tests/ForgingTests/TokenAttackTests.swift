import Forging
import Foundation
import Testing

@Suite("Classes of forged tokens") struct TokenAttackTests {
    private func material(_ algorithm: TokenForge.Algorithm) throws -> TokenMaterial {
        TokenMaterial(
            header: [("alg", "\"\(algorithm.rawValue)\""), ("typ", "\"at+jwt\""), ("kid", "\"k1\"")],
            claims: [
                ("iss", "\"https://issuer.example\""), ("sub", "\"alice\""), ("aud", "\"https://server.example\""), ("exp", "10"),
            ],
            key: try TokenForge.generateKey(algorithm: algorithm, id: "k1"),
            attacker: try TokenForge.generateKey(algorithm: algorithm, id: "k1"),
            decoy: "http://127.0.0.1:1/decoy")
    }

    private static let rsa: Set<TokenAttack> = [
        .rsaPrefix, .rsaPadding, .rsaDigestInfo, .rsaLength, .rsaOtherAlgorithm,
    ]

    private func all() throws -> [(TokenAttack, [ForgedToken])] {
        let (elliptic, rsa) = (try material(.es256), try material(.rs256))
        return try TokenAttack.allCases.map { ($0, try $0.tokens(of: Self.rsa.contains($0) ? rsa : elliptic)) }
    }

    @Test func `there are more than three hundred and fifty, no two of a class alike or named alike`() throws {
        let attacks = try all()
        #expect(attacks.map(\.1.count).reduce(0, +) >= 350)
        for (attack, tokens) in attacks {
            #expect(!tokens.isEmpty, "\(attack)")
            #expect(Set(tokens.map(\.title)).count == tokens.count, "\(attack)")
            #expect(Set(tokens.map(\.text)).count == tokens.count, "\(attack)")
        }
    }

    /// What is changed after signing leaves no valid signature behind; openssl says so, not we.
    @Test(arguments: [TokenAttack.changedSignature, .changedPayload, .changedHeader])
    func `changed tokens do not verify`(_ attack: TokenAttack) throws {
        let material = try material(.rs256)
        let scratch = try Scratch()
        let key = try scratch.write(material.key.publicPEM, as: "key.pem")
        for token in try attack.tokens(of: material).prefix(6) {
            let parts = token.text.split(separator: ".")
            let plain = parts[2].replacing("-", with: "+").replacing("_", with: "/")
            let signature = try #require(Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)))
            try signature.write(to: URL(filePath: "\(scratch.path)/signature"))
            let verdict = try Scratch.openssl(
                ["dgst", "-sha256", "-verify", key, "-signature", "\(scratch.path)/signature"], input: "\(parts[0]).\(parts[1])")
            #expect(verdict.status != 0, "\(token.title)")
        }
    }

    /// Their numbers are the right key's own: raised to its public exponent they give the padding that was asked for.
    @Test func `RSA signatures with another padding come from the right key`() throws {
        let material = try material(.rs256)
        let scratch = try Scratch()
        let key = try scratch.write(material.key.publicPEM, as: "key.pem")
        let token = try #require(try TokenAttack.rsaPadding.tokens(of: material).first { $0.title == "type 2" })
        let plain = token.text.split(separator: ".")[2].replacing("-", with: "+").replacing("_", with: "/")
        let signature = try #require(Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)))
        try signature.write(to: URL(filePath: "\(scratch.path)/signature"))
        let opened = "\(scratch.path)/opened"
        let verdict = try Scratch.openssl(
            [
                "pkeyutl", "-verifyrecover", "-pubin", "-inkey", key, "-in", "\(scratch.path)/signature", "-pkeyopt",
                "rsa_padding_mode:none", "-out", opened,
            ],
            input: "")
        #expect(verdict.status == 0)
        let message = try [UInt8](Data(contentsOf: URL(filePath: opened)))
        #expect(message.prefix(3) == [0, 2, 0xFF])
    }

    /// A wrong signature would be refused for being one.
    @Test func `a signature by another algorithm of the key is a right one`() throws {
        let material = try material(.rs256)
        let scratch = try Scratch()
        let key = try scratch.write(material.key.publicPEM, as: "key.pem")
        let pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
        for token in try TokenAttack.rsaOtherAlgorithm.tokens(of: material) {
            let parts = token.text.split(separator: ".")
            let plain = parts[2].replacing("-", with: "+").replacing("_", with: "/")
            let signature = try #require(Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)))
            try signature.write(to: URL(filePath: "\(scratch.path)/signature"))
            let verdict = try Scratch.openssl(
                ["dgst", "-sha\(token.title.suffix(3))", "-verify", key, "-signature", "\(scratch.path)/signature"]
                    + (token.title.contains("PS") ? pss : []), input: "\(parts[0]).\(parts[1])")
            #expect(verdict.status == 0, "\(token.title)")
        }
    }

    /// A list of anything else would be refused by whoever reads it, and prove nothing of whoever trusts it.
    @Test func `a token that brings a certificate brings one for the key that signed it`() throws {
        let material = try material(.es256)
        let scratch = try Scratch()
        for token in try TokenAttack.embeddedCertificate.tokens(of: material) {
            let head = token.text.split(separator: ".")[0].replacing("-", with: "+").replacing("_", with: "/")
            let data = try #require(Data(base64Encoded: head + String(repeating: "=", count: (4 - head.count % 4) % 4)))
            let members = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let der = try #require((members["x5c"] as? [String])?.first.flatMap { Data(base64Encoded: $0) })
            try der.write(to: URL(filePath: "\(scratch.path)/brought.der"))
            let answer = try Scratch.openssl(["x509", "-inform", "DER", "-in", "\(scratch.path)/brought.der", "-noout", "-pubkey"])
            #expect(answer.output.contains(material.attacker.publicPEM))
        }
    }

    @Test func `a token that brings a key brings the attacker's and is signed with it`() throws {
        let material = try material(.es256)
        for token in try TokenAttack.embeddedKey.tokens(of: material) {
            let head = token.text.split(separator: ".")[0].replacing("-", with: "+").replacing("_", with: "/")
            let data = try #require(Data(base64Encoded: head + String(repeating: "=", count: (4 - head.count % 4) % 4)))
            let members = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(members["jwk"] is [String: Any])
        }
    }

    @Test func `keys for key sets are what they are called`() throws {
        for kind in KeySetForge.Kind.allCases {
            let made = try KeySetForge.make(kind, name: "k2")
            #expect(made.signer.id == "k2")
            #expect(!made.published.isEmpty)
        }
        #expect(try KeySetForge.make(.privateKey, name: "k2").published[0].contains("\"d\":"))
        #expect(try KeySetForge.make(.manyKeys, name: "k2").published.count == 101)
    }
}
