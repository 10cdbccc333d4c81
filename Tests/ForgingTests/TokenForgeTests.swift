import Forging
import Foundation
import Testing

@Suite("Forged tokens") struct TokenForgeTests {
    private let header = [("alg", "\"ES256\""), ("kid", "\"k1\"")]
    private let claims = [("sub", "\"alice\""), ("exp", "10")]

    private func decoded(_ part: Substring) throws -> [UInt8] {
        let text = part.replacing("-", with: "+").replacing("_", with: "/")
        let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
        return [UInt8](try #require(Data(base64Encoded: String(padded))))
    }

    /// JWS has r and s in line; the program wants them as ASN.1, integers without leading zeros but for the sign.
    private func der(_ signature: [UInt8]) -> [UInt8] {
        let numbers = [signature.prefix(32), signature.suffix(32)].flatMap { half -> [UInt8] in
            var bytes = Array(half.drop { $0 == 0 })
            if bytes.first.map({ $0 > 127 }) ?? true { bytes.insert(0, at: 0) }
            return [2, UInt8(bytes.count)] + bytes
        }
        return [0x30, UInt8(numbers.count)] + numbers
    }

    private func verifies(_ token: String, by key: ForgedKey, elliptic: Bool = true) throws -> Bool {
        let scratch = try Scratch()
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        try #require(parts.count == 3)
        let signature = try decoded(parts[2])
        let file = "\(scratch.path)/signature"
        try Data(elliptic ? der(signature) : signature).write(to: URL(filePath: file))
        let publicKey = try scratch.write(key.publicPEM, as: "key.pem")
        let input = "\(parts[0]).\(parts[1])"
        return try Scratch.openssl(["dgst", "-sha256", "-verify", publicKey, "-signature", file], input: input).status == 0
    }

    @Test func `a right ES256 token has 64 octets of signature that openssl verifies`() throws {
        let key = try TokenForge.generateKey(algorithm: .es256, id: "k1")
        // Often enough to meet halves with leading zeros, which DER leaves out and JWS must not.
        for _ in 0..<300 {
            let token = try TokenForge.mint(header: header, claims: claims, key: key, signing: .right)
            #expect(try decoded(token.split(separator: ".")[2]).count == 64)
        }
        #expect(try verifies(try TokenForge.mint(header: header, claims: claims, key: key, signing: .right), by: key))
    }

    @Test func `a right RS256 token verifies`() throws {
        let key = try TokenForge.generateKey(algorithm: .rs256, id: "k1")
        let token = try TokenForge.mint(header: [("alg", "\"RS256\"")], claims: claims, key: key, signing: .right)
        #expect(try verifies(token, by: key, elliptic: false))
    }

    @Test func `members keep their order and their JSON text`() throws {
        let key = try TokenForge.generateKey(algorithm: .es256, id: "k1")
        let odd = [("b", "1"), ("a", "{\"x\":[1, 2]}"), ("b", "null"), ("q\"", "\"\"")]
        let token = try TokenForge.mint(header: header, claims: odd, key: key, signing: .right)
        let parts = token.split(separator: ".")
        #expect(String(decoding: try decoded(parts[0]), as: UTF8.self) == #"{"alg":"ES256","kid":"k1"}"#)
        #expect(String(decoding: try decoded(parts[1]), as: UTF8.self) == #"{"b":1,"a":{"x":[1, 2]},"b":null,"q\"":""}"#)
    }

    @Test func `an unsigned token keeps its second period`() throws {
        let key = try TokenForge.generateKey(algorithm: .es256, id: "k1")
        for signing in [TokenForge.Signing.none, .empty] {
            let token = try TokenForge.mint(header: header, claims: claims, key: key, signing: signing)
            #expect(token.split(separator: ".", omittingEmptySubsequences: false).map(\.isEmpty) == [false, false, true])
        }
    }

    @Test func `the attacker's signature is the attacker's`() throws {
        let key = try TokenForge.generateKey(algorithm: .es256, id: "k1")
        let attacker = try TokenForge.generateKey(algorithm: .es256, id: "k1")
        let token = try TokenForge.mint(header: header, claims: claims, key: key, signing: .attackerKey(attacker))
        #expect(try !verifies(token, by: key))
        #expect(try verifies(token, by: attacker))
    }

    @Test func `a signature of another payload is not this one's`() throws {
        let key = try TokenForge.generateKey(algorithm: .es256, id: "k1")
        let token = try TokenForge.mint(header: header, claims: claims, key: key, signing: .otherPayload)
        #expect(try decoded(token.split(separator: ".")[2]).count == 64)
        #expect(try !verifies(token, by: key))
    }

    @Test func `an HMAC has the public key's PEM as its secret`() throws {
        let key = try TokenForge.generateKey(algorithm: .es256, id: "k1")
        let token = try TokenForge.mint(header: [("alg", "\"HS256\"")], claims: claims, key: key, signing: .hmacWithPublicKey)
        let parts = token.split(separator: ".")
        let hex = key.publicPEM.utf8.map { String(format: "%02x", $0) }.joined()
        let arguments = ["dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:\(hex)"]
        let answer = try Scratch.openssl(arguments, input: "\(parts[0]).\(parts[1])")
        #expect(answer.output.hasSuffix(try decoded(parts[2]).map { String(format: "%02x", $0) }.joined() + "\n"))
    }

    @Test(arguments: TokenForge.Algorithm.allCases)
    func `a public JWK says what key it is and nothing private`(algorithm: TokenForge.Algorithm) throws {
        let key = try TokenForge.generateKey(algorithm: algorithm, id: "k\"1")
        let members = try #require(try JSONSerialization.jsonObject(with: Data(key.publicJWK.utf8)) as? [String: String])
        let numbers = algorithm == .es256 ? ["kty": 2, "crv": 5, "x": 43, "y": 43] : ["kty": 3, "n": 342, "e": 4]
        #expect(members.filter { numbers[$0.key] != nil }.mapValues(\.count) == numbers)
        #expect(members.filter { numbers[$0.key] == nil } == ["kid": "k\"1", "alg": algorithm.rawValue, "use": "sig"])
    }

    @Test func `base64url has no padding and the URL's alphabet`() {
        #expect(TokenForge.base64URL([]).isEmpty)
        #expect(TokenForge.base64URL([0xFB]) == "-w")
        #expect(TokenForge.base64URL([0xFB, 0xFF]) == "-_8")
        #expect(TokenForge.base64URL([0xFB, 0xFF, 0xFE]) == "-__-")
        #expect(TokenForge.base64URL(Array("hello world".utf8)) == "aGVsbG8gd29ybGQ")
    }

    @Test func `random identifiers are 128 bits and differ`() {
        let identifiers = (0..<100).map { _ in TokenForge.randomIdentifier() }
        #expect(Set(identifiers).count == 100)
        #expect(identifiers.allSatisfy { $0.count == 22 })
    }
}
