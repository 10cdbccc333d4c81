import Crypto
import Foundation
import OAuth

/// A token as raw text, so that everything about it can be wrong: members in the order given, values as JSON text, and a
/// signature by SwiftCrypto alone. It shares nothing with the code that verifies.
struct Draft {
    static let issuer = "https://issuer.example"
    static let audience = "https://server.example/mcp"
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    var header: [(name: String, json: String)] = [("typ", #""at+jwt""#), ("alg", #""ES256""#), ("kid", #""k1""#)]
    var claims: [(name: String, json: String)] = [
        ("iss", "\"\(issuer)\""), ("sub", #""alice""#), ("aud", "\"\(audience)\""), ("exp", "1800000100"), ("iat", "1799999900"),
        ("jti", #""t1""#), ("client_id", #""c1""#), ("scope", #""mcp:read mcp:write""#),
    ]
    var key = TestKeys.es256
    /// Applied to the signature's bytes.
    var bendSignature: @Sendable ([UInt8]) -> [UInt8] = { $0 }
    /// Applied to the finished text.
    var bendText: @Sendable (String) -> String = { $0 }

    mutating func header(_ name: String, _ json: String?) { Self.set(&header, name, json) }
    mutating func claim(_ name: String, _ json: String?) { Self.set(&claims, name, json) }

    func text() throws -> String {
        let input = "\(encode(Self.json(header))).\(encode(Self.json(claims)))"
        let signature = try Array(key.signature(for: Data(input.utf8)).rawRepresentation)
        return bendText("\(input).\(encode(bendSignature(signature)))")
    }

    static func json(_ members: [(name: String, json: String)]) -> String {
        "{" + members.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
    }

    private static func set(_ members: inout [(name: String, json: String)], _ name: String, _ json: String?) {
        let index = members.firstIndex { $0.name == name }
        switch (index, json) {
        case (let index?, let json?): members[index].json = json
        case (let index?, nil): members.remove(at: index)
        case (nil, let json?): members.append((name, json))
        case (nil, nil): break
        }
    }
}

/// Base64url by Foundation's encoder, not by ours.
func encode(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
}

func encode(_ text: String) -> String { encode(text.utf8) }

/// Keys that live as long as the tests, and the JWKS with them.
enum TestKeys {
    static let es256 = P256.Signing.PrivateKey()
    static let attacker = P256.Signing.PrivateKey()
    static let second = P256.Signing.PrivateKey()

    static func jwk(_ key: P256.Signing.PrivateKey, kid: String = "k1", _ more: [String: String] = [:]) -> String {
        let point = key.publicKey.x963Representation
        var members = [
            "kty": "\"EC\"", "crv": "\"P-256\"", "alg": "\"ES256\"", "use": "\"sig\"", "kid": "\"\(kid)\"",
            "x": "\"\(encode(point[1..<33]))\"", "y": "\"\(encode(point[33...]))\"",
        ]
        for (name, json) in more { members[name] = json.isEmpty ? nil : json }
        return Draft.json(members.map { ($0.key, $0.value) })
    }

    static func jwks(_ keys: String...) -> Data {
        Data("{\"keys\":[\(keys.joined(separator: ","))]}".utf8)
    }
}

/// Issuers and their key sets, without a cache between.
struct FixedKeys: KeySource {
    var documents: [String: Data] = [Draft.issuer: TestKeys.jwks(TestKeys.jwk(TestKeys.es256))]

    func keys(issuer: String, kid: String) async -> KeyAnswer {
        guard let document = documents[issuer], let keys = await PublishedKeys(jwks: document) else { return .unreachable }
        return keys[kid].map(KeyAnswer.key) ?? .none
    }
}
