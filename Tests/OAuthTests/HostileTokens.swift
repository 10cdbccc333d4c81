import Auth
import Crypto
import Foundation
import OAuth

/// Tokens with one thing bent each, by the check that must refuse them.
enum HostileTokens {
    static let all: [Bent] = form + header + key + signature + claims

    private static func text(_ what: String, _ bend: @escaping @Sendable (String) -> String) -> Bent {
        Bent(what, .malformed, by: "form") { $0.bendText = bend }
    }

    private static let form: [Bent] = [
        text("empty") { _ in "" },
        text("two parts") { String($0.split(separator: ".").prefix(2).joined(separator: ".")) },
        text("four parts") { $0 + ".AAAA" },
        text("six dots") { $0 + "...." },
        text("JSON serialization") { #"{"payload":"\#($0)"}"# },
        text("padding") { $0 + "=" },
        text("blank in front") { " " + $0 },
        text("line end behind") { $0 + "\n" },
        text("blank inside") { $0.replacing(".", with: ". ") },
        text("standard alphabet") { $0.dropLast(4) + "+/+/" },
        text("not ASCII") { $0 + "é" },
        text("combining character behind a dot") { $0.replacing(".", with: ".\u{301}") },
        // 64 bytes end in a character of which four bits are no data.
        text("bits behind the last byte") { String($0.dropLast()) + ($0.hasSuffix("A") ? "B" : "_") },
        text("longer than 8 KiB") { $0 + String(repeating: "A", count: 8192) },
        text("header is no JSON") { "AAAA." + $0.split(separator: ".").dropFirst().joined(separator: ".") },
        text("header is an array") { "\(encode("[]"))." + $0.split(separator: ".").dropFirst().joined(separator: ".") },
        Bent("two alg", .malformed, by: "form") { $0.header.append(("alg", #""ES256""#)) },
        Bent("two aud", .malformed, by: "form") { $0.claims.append(("aud", #""https://other.example""#)) },
        Bent("two exp, one spelt with an escape", .malformed, by: "form") { $0.claims.append((#"e\u0078p"#, "9999999999")) },
        Bent("nested beyond reason", .malformed, by: "form") {
            $0.claim("deep", String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000))
        },
        Bent("lone surrogate", .malformed, by: "form") { $0.claim("sub", #""\ud800""#) },
    ]

    private static let header: [Bent] = [
        .header("typ", nil, .type), .header("typ", #""JWT""#, .type), .header("typ", #""dpop+jwt""#, .type),
        .header("typ", #""logout+jwt""#, .type), .header("typ", #""text/at+jwt""#, .type), .header("typ", #"["at+jwt"]"#, .type),
        .header("typ", "null", .type), .header("alg", nil, .algorithm), .header("alg", #""none""#, .algorithm),
        .header("alg", #""None""#, .algorithm), .header("alg", #""nOnE""#, .algorithm), .header("alg", #""""#, .algorithm),
        .header("alg", #""HS256""#, .algorithm), .header("alg", #""ES384""#, .algorithm), .header("alg", #""PS256""#, .algorithm),
        .header("alg", #""es256""#, .algorithm), .header("alg", #"["ES256"]"#, .algorithm), .header("alg", "256", .algorithm),
        .header("alg", #""RS256""#, .algorithm, by: "key"),
        .header("crit", #"["urn:x"]"#, .malformed), .header("crit", "[]", .malformed), .header("crit", #"["alg"]"#, .malformed),
        .header("crit", #""x""#, .malformed), .header("crit", "null", .malformed), .header("b64", "false", .malformed),
        Bent("alg none with an empty signature", .algorithm, by: "type-and-algorithm") {
            $0.header("alg", #""none""#)
            $0.bendSignature = { _ in [] }
        },
    ]

    private static let key: [Bent] = [
        .header("kid", nil, .key, by: "key"), .header("kid", #""k2""#, .key, by: "key"), .header("kid", #""""#, .key, by: "key"),
        .header("kid", "42", .key, by: "key"), .header("kid", "null", .key, by: "key"), .header("kid", #"["k1"]"#, .key, by: "key"),
        .header("kid", #""../../../../dev/null""#, .key, by: "key"), .header("kid", #""' UNION SELECT 'k""#, .key, by: "key"),
        .header("kid", "\"\(String(repeating: "k", count: 4000))\"", .key, by: "key"),
        Bent("jwk in the header", .key, by: "key") {
            $0.header("kid", #""evil""#)
            $0.header("jwk", TestKeys.jwk(TestKeys.attacker, kid: "evil"))
            $0.key = TestKeys.attacker
        },
        Bent("jku in the header", .key, by: "key") {
            $0.header("kid", #""evil""#)
            $0.header("jku", #""https://evil.example/jwks""#)
            $0.key = TestKeys.attacker
        },
        .claim("iss", nil, .claims, by: "key"), .claim("iss", "7", .claims, by: "key"),
        .claim("iss", #""https://evil.example""#, .issuer, by: "key"), .claim("iss", "\"\(Draft.issuer)/\"", .issuer, by: "key"),
        .claim("iss", "\"\(Draft.issuer.uppercased())\"", .issuer, by: "key"), .claim("iss", #""""#, .issuer, by: "key"),
    ]

    private static func signature(_ what: String, _ bend: @escaping @Sendable ([UInt8]) -> [UInt8]) -> Bent {
        Bent(what, .signature, by: "signature") { $0.bendSignature = bend }
    }

    /// The order of P-256.
    private static let order: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA, 0xAD, 0xA7,
        0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
    ]

    private static let signature: [Bent] = [
        Bent("the attacker's key under the real name", .signature, by: "signature") { $0.key = TestKeys.attacker },
        Bent("payload changed after signing", .signature, by: "signature") {
            var wider = Draft()
            wider.claim("scope", #""mcp:execute""#)
            let payload = encode(Draft.json(wider.claims))
            $0.bendText = { text in
                let parts = text.split(separator: ".")
                return "\(parts[0]).\(payload).\(parts[2])"
            }
        },
        signature("empty") { _ in [] },
        signature("one bit flipped") { $0.dropLast() + [($0.last ?? 0) ^ 1] },
        signature("r = s = 0") { _ in [UInt8](repeating: 0, count: 64) },
        signature("r = s = n") { _ in order + order },
        signature("63 bytes") { Array($0.dropLast()) },
        signature("65 bytes") { $0 + [0] },
        signature("DER") { (try? Array(P256.Signing.ECDSASignature(rawRepresentation: $0).derRepresentation)) ?? [] },
        signature("another length altogether") { _ in [UInt8](repeating: 7, count: 256) },
    ]

    private static let claims: [Bent] = [
        .claim("aud", nil, .claims, by: "audience"), .claim("aud", "null", .claims, by: "audience"),
        .claim("aud", "{}", .claims, by: "audience"), .claim("aud", "[\"\(Draft.audience)\",7]", .claims, by: "audience"),
        .claim("aud", #""""#, .audience, by: "audience"), .claim("aud", "[]", .audience, by: "audience"),
        .claim("aud", #"["https://other.example","https://third.example"]"#, .audience, by: "audience"),
        .claim("aud", "\"\(Draft.audience).evil.test\"", .audience, by: "audience"),
        .claim("aud", "\"\(Draft.audience)/\"", .audience, by: "audience"),
        .claim("aud", "\"\(Draft.audience.dropLast())\"", .audience, by: "audience"),
        .claim("aud", "\"\(Draft.audience.replacing("https", with: "http"))\"", .audience, by: "audience"),
        .claim("exp", nil, .claims, by: "times"), .claim("exp", #""9999999999""#, .claims, by: "times"),
        .claim("exp", "null", .claims, by: "times"), .claim("exp", "[]", .claims, by: "times"), .claim("exp", "{}", .claims, by: "times"),
        .claim("exp", "true", .claims, by: "times"), .claim("exp", "1e400", .claims, by: "times"),
        .claim("exp", "-1", .expired, by: "times"), .claim("exp", "1799999400", .expired, by: "times"),
        .claim("exp", "0", .expired, by: "times"), .claim("exp", "-1e300", .expired, by: "times"),
        .claim("nbf", "1800000600", .notYetValid, by: "times"), .claim("nbf", #""0""#, .claims, by: "times"),
        .claim("nbf", "null", .claims, by: "times"), .claim("iat", #""0""#, .claims, by: "times"),
        .claim("sub", nil, .claims, by: "required-claims"), .claim("sub", #""""#, .claims, by: "required-claims"),
        .claim("sub", "7", .claims, by: "required-claims"), .claim("client_id", nil, .claims, by: "required-claims"),
        .claim("jti", nil, .claims, by: "required-claims"), .claim("iat", nil, .claims, by: "required-claims"),
        .claim("scope", "null", .claims, by: "required-claims"), .claim("scope", #"["mcp:write"]"#, .claims, by: "required-claims"),
        .claim("scope", "{}", .claims, by: "required-claims"), .claim("scope", "7", .claims, by: "required-claims"),
        .claim("scope", #""mcp:read\tmcp:write""#, .claims, by: "required-claims"),
    ]

    static let harmless: [Bent] = [
        .header("typ", #""application/at+jwt""#, .type), .header("typ", #""AT+JWT""#, .type),
        .header("jku", #""https://evil.example/jwks""#, .key), .header("x5c", #"["AAAA"]"#, .key), .header("extra", "{}", .type),
        .claim("aud", "[\"https://other.example\",\"\(Draft.audience)\"]", .audience, by: ""),
        .claim("exp", "9223372036854775808", .expired, by: ""), .claim("exp", "1e18", .expired, by: ""),
        .claim("exp", "1800000000.5", .expired, by: ""), .claim("nbf", "1800000000", .notYetValid, by: ""),
        .claim("scope", nil, .claims, by: ""), .claim("scope", #""""#, .claims, by: ""), .claim("extra", "[1,{}]", .claims, by: ""),
    ]
}
