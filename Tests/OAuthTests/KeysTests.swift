import Auth
import Crypto
import Foundation
import OAuth
import Testing

@Suite("Keys: published, read and signed with")
struct KeysTests {
    @Test("A key signs what its published form verifies", arguments: SigningAlgorithm.allCases)
    func roundTrip(algorithm: SigningAlgorithm) async throws {
        let key = try await SigningKey(generating: algorithm)
        let document = try JSONEncoder().encode(JSONWebKeySet(keys: [key.publicJWK]))
        let published = try #require(await PublishedKeys(jwks: document)?[key.kid])
        let token = try UnverifiedToken(parsing: key.sign(["sub": "alice"]))
        #expect(token.header == ["alg": .string(algorithm.rawValue), "kid": .string(key.kid), "typ": .string("at+jwt")])
        #expect(token.claims == ["sub": .string("alice")])
        #expect(published.algorithm == algorithm)
        #expect(published.isValid(signature: token.signature, for: token.signingInput))
        #expect(!published.isValid(signature: token.signature, for: token.signingInput + [0]))
        let other = try await VerificationKey(SigningKey(generating: algorithm).publicJWK)
        #expect(!other.isValid(signature: token.signature, for: token.signingInput))
    }

    @Test("A key comes back from its PEM form with the same name", arguments: SigningAlgorithm.allCases)
    func pem(algorithm: SigningAlgorithm) async throws {
        let key = try await SigningKey(generating: algorithm)
        let again = try await SigningKey(pem: key.pem.reveal(), algorithm: algorithm)
        #expect(again.publicJWK == key.publicJWK)
        #expect(key.pem.reveal().hasPrefix("-----BEGIN PRIVATE KEY-----"))
        #expect(!"\(key)".contains("PRIVATE"))
        let other: SigningAlgorithm = algorithm == .es256 ? .rs256 : .es256
        await #expect(throws: (any Error).self) { try await SigningKey(pem: key.pem.reveal(), algorithm: other) }
        await #expect(throws: (any Error).self) { try await SigningKey(pem: "nonsense", algorithm: algorithm) }
    }

    @Test("Coordinates are 32 bytes each in base64url, and the document holds nothing private")
    func coordinates() async throws {
        // One key in 128 has a coordinate that begins with a zero byte.
        for _ in 0..<300 {
            let jwk = try await SigningKey(generating: .es256).publicJWK
            #expect(jwk.x.flatMap(Base64URL.decode)?.count == 32)
            #expect(jwk.y.flatMap(Base64URL.decode)?.count == 32)
            #expect(jwk.kid.count == 43)
        }
        let rsa = try await SigningKey(generating: .rs256).publicJWK
        let members = try StrictJSON.parseObject(Array(JSONEncoder().encode(rsa)))
        #expect(Set(members.keys) == ["kty", "kid", "alg", "use", "n", "e"])
        #expect(members["e"] == .string("AQAB"))
    }

    @Test("The thumbprint is that of RFC 7638 section 3.1")
    func thumbprint() throws {
        let n = """
            0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W\
            -5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08q\
            NLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw
            """
        let text = #"{"kty":"RSA","kid":"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs","alg":"RS256","use":"sig","n":"\#(n)","e":"AQAB"}"#
        let jwk = try JSONDecoder().decode(JSONWebKey.self, from: Data(text.utf8))
        #expect(jwk.thumbprint == jwk.kid)
    }

    @Test("A key that cannot be used spoils none beside it", arguments: unusable)
    func unusableKey(jwk: String) async throws {
        let good = TestKeys.jwk(TestKeys.es256)
        for document in [TestKeys.jwks(jwk, good), TestKeys.jwks(good, jwk)] {
            #expect(await PublishedKeys(jwks: document)?.kids == ["k1"])
        }
    }

    @Test("Of two keys with one name neither counts")
    func repeatedName() async throws {
        let document = TestKeys.jwks(
            TestKeys.jwk(TestKeys.es256), TestKeys.jwk(TestKeys.second), TestKeys.jwk(TestKeys.second, kid: "k2"))
        #expect(await PublishedKeys(jwks: document)?.kids == ["k2"])
    }

    @Test(
        "What is no JWKS is told from an empty one",
        arguments: ["", "<html>", "[]", "{}", #"{"keys":{}}"#, #"{"keys":null}"#, #"{"keys":[],"keys":[]}"#])
    func noDocument(text: String) async {
        #expect(await PublishedKeys(jwks: Data(text.utf8)) == nil)
        #expect(await PublishedKeys(jwks: Data(#"{"keys":[]}"#.utf8))?.kids == [])
    }

    @Test("`use` and `key_ops` that allow verification are accepted, and so is their absence")
    func purposes() async {
        for more in [["use": ""], ["key_ops": #"["verify"]"#], ["key_ops": #"["sign","verify"]"#], ["x5t": #""abc""#]] {
            let document = TestKeys.jwks(TestKeys.jwk(TestKeys.es256, more))
            #expect(await PublishedKeys(jwks: document)?.kids == ["k1"], "\(more)")
        }
    }

    private static let ones = [UInt8](repeating: 255, count: 128)
    private static let zeros = [UInt8](repeating: 0, count: 128)

    @Test("A key of 2048 bits counts, with a zero in front too")
    func longEnough() async {
        for n in [Self.ones + Self.ones, [0] + Self.ones + Self.ones] {
            let members = ["kty": #""RSA""#, "alg": #""RS256""#, "n": "\"\(encode(n))\"", "e": #""AQAB""#]
            #expect(await PublishedKeys(jwks: TestKeys.jwks(TestKeys.jwk(TestKeys.second, members)))?.kids == ["k1"])
        }
    }

    static let unusable: [String] =
        [
            ["alg": ""], ["alg": #""ES384""#], ["alg": #""none""#], ["alg": #""HS256""#], ["alg": "7"], ["kid": ""], ["kid": #""""#],
            ["kid": "7"], ["kty": #""RSA""#], ["kty": #""oct""#], ["kty": ""], ["crv": #""P-384""#], ["crv": #""X25519""#],
            ["use": #""enc""#], ["use": "null"], ["key_ops": #"["encrypt"]"#], ["key_ops": #""verify""#], ["key_ops": "[]"],
            ["d": #""AAAA""#], ["k": #""AAAA""#], ["x": ""], ["x": #""AAAA""#], ["y": "7"], ["alg": #""RS256""#],
            // A point that is not on the curve, and one spelt with padding.
            ["x": "\"\(encode([UInt8](repeating: 1, count: 32)))\""], ["y": "\"\(encode([UInt8](repeating: 0, count: 32)))=\""],
            ["kty": #""RSA""#, "alg": #""RS256""#, "n": "\"\(encode([UInt8](repeating: 255, count: 128)))\"", "e": #""AQAB""#],
            ["kty": #""RSA""#, "alg": #""RS256""#, "n": "\"\(encode([UInt8](repeating: 255, count: 2048)))\"", "e": #""AQAB""#],
            // 1024 bits behind as many zeros, and one bit too few.
            ["kty": #""RSA""#, "alg": #""RS256""#, "n": "\"\(encode(zeros + ones))\"", "e": #""AQAB""#],
            ["kty": #""RSA""#, "alg": #""RS256""#, "n": "\"\(encode([127] + ones + ones.dropFirst()))\"", "e": #""AQAB""#],
            ["kty": #""RSA""#, "alg": #""RS256""#, "n": #""AAAA""#, "e": #""AQAB""#],
        ].map { TestKeys.jwk(TestKeys.second, kid: "other", $0) } + ["7", "null", "[]", #""k""#, "{}"]
}
