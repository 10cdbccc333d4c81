import Forging
import Foundation
import Testing

@Suite("Tokens that others made") struct TokenReadingTests {
    private let claims = [("sub", "\"alice\""), ("exp", "10")]

    private func members(_ key: ForgedKey) throws -> [String: String] {
        try #require(try JSONSerialization.jsonObject(with: Data(key.publicJWK.utf8)) as? [String: String])
    }

    @Test(arguments: TokenForge.Algorithm.allCases)
    func `a published key says whether its owner signed`(_ algorithm: TokenForge.Algorithm) throws {
        let key = try TokenForge.generateKey(algorithm: algorithm, id: "k1")
        let other = try TokenForge.generateKey(algorithm: algorithm, id: "k1")
        let header = [("alg", "\"\(algorithm.rawValue)\"")]
        // Often enough to meet numbers with leading zeros.
        for _ in 0..<50 {
            let token = try TokenForge.mint(header: header, claims: claims, key: key, signing: .right)
            let reading = try #require(TokenReading(token))
            #expect(reading.isSigned(by: try members(key), algorithm: algorithm.rawValue) == true)
            #expect(reading.isSigned(by: try members(other), algorithm: algorithm.rawValue) == false)
        }
        for signing in [TokenForge.Signing.otherPayload, .none, .hmacWithPublicKey, .attackerKey(other)] {
            let token = try TokenForge.mint(header: header, claims: claims, key: key, signing: signing)
            #expect(try #require(TokenReading(token)).isSigned(by: try members(key), algorithm: algorithm.rawValue) == false)
        }
    }

    @Test func `an Ed25519 signature of the openssl program is verified`() throws {
        let scratch = try Scratch()
        let (key, der, signature) = ("\(scratch.path)/key.pem", "\(scratch.path)/key.der", "\(scratch.path)/signature")
        let base64URL = { (bytes: Data) in TokenForge.base64URL(Array(bytes)) }
        let input = "\(base64URL(Data(#"{"alg":"EdDSA"}"#.utf8))).\(base64URL(Data(#"{"sub":"alice"}"#.utf8)))"
        let text = try scratch.write(input, as: "input")
        for command in [
            ["genpkey", "-algorithm", "ed25519", "-out", key], ["pkey", "-in", key, "-pubout", "-outform", "DER", "-out", der],
            ["pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", text, "-out", signature],
        ] {
            try #require(try Scratch.openssl(command).status == 0)
        }
        let number = try Data(contentsOf: URL(filePath: der)).suffix(32)
        let jwk = ["kty": "OKP", "crv": "Ed25519", "x": base64URL(Data(number))]
        let token = "\(input).\(base64URL(try Data(contentsOf: URL(filePath: signature))))"
        #expect(try #require(TokenReading(token)).isSigned(by: jwk, algorithm: "EdDSA") == true)
        let altered = token.replacing(base64URL(Data(#"{"sub":"alice"}"#.utf8)), with: base64URL(Data(#"{"sub":"admin"}"#.utf8)))
        #expect(try #require(TokenReading(altered)).isSigned(by: jwk, algorithm: "EdDSA") == false)
    }

    /// The example of RFC 7515 appendix A.1 has a random secret; this one has the secret of many a tutorial.
    @Test func `a shared secret is recognised, and no other`() throws {
        let token =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ"
            + ".SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
        let reading = try #require(TokenReading(token))
        #expect(reading.isSigned(withSecret: "your-256-bit-secret"))
        #expect(!reading.isSigned(withSecret: "your-256-bit-secre"))
    }

    @Test func `what the bed cannot verify it does not judge`() throws {
        let key = try TokenForge.generateKey(algorithm: .es256, id: "k1")
        let token = try TokenForge.mint(header: [("alg", "\"ES512\"")], claims: claims, key: key, signing: .right)
        let reading = try #require(TokenReading(token))
        #expect(reading.isSigned(by: try members(key), algorithm: "ES512") == nil)
        #expect(reading.isSigned(by: try members(key), algorithm: "RS256") == nil)
    }

    @Test(arguments: ["", "a.b", "a.b.c", "e30.e30", "W10.e30.", "e30.W10.", "e30.e30.e30.e30"])
    func `what is no token is none`(_ text: String) { #expect(TokenReading(text) == nil) }
}
