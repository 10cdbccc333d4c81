import COpenSSL
import Foundation

/// Makes proofs of possession (RFC 9449), right and wrong.
package enum ProofForge {
    /// The header of a right proof by that key, names and JSON texts in order.
    package static func header(_ key: ForgedKey) -> [(String, String)] {
        [("typ", #""dpop+jwt""#), ("alg", #""ES256""#), ("jwk", publicJWK(key))]
    }

    /// The claims of a right proof.
    /// - Parameters:
    ///   - token: The access token beside it; nil at the token endpoint.
    ///   - now: Seconds since 1970.
    package static func claims(method: String, url: String, token: String?, nonce: String?, now: Double) -> [(String, String)] {
        let target = String(url.prefix { $0 != "?" && $0 != "#" })
        var claims = [
            ("jti", JSONText.string(TokenForge.randomIdentifier())), ("htm", JSONText.string(method)), ("htu", JSONText.string(target)),
            ("iat", "\(Int(now.rounded(.down)))"),
        ]
        if let token { claims.append(("ath", JSONText.string(hash(of: token)))) }
        if let nonce { claims.append(("nonce", JSONText.string(nonce))) }
        return claims
    }

    /// The `ath` claim of a token.
    package static func hash(of token: String) -> String { TokenForge.base64URL(sha256(Array(token.utf8))) }

    /// The RFC 7638 thumbprint of a P-256 key, which tokens are bound to as `cnf.jkt`.
    package static func thumbprint(_ key: ForgedKey) -> String {
        TokenForge.base64URL(sha256(Array(publicJWK(key).utf8)))
    }

    /// The required members in lexicographic order, as the thumbprint wants them; it is a good `jwk` too.
    private static func publicJWK(_ key: ForgedKey) -> String {
        let members = (try? JSONSerialization.jsonObject(with: Data(key.publicJWK.utf8))) as? [String: String] ?? [:]
        return JSONText.object(["crv", "kty", "x", "y"].map { ($0, JSONText.string(members[$0] ?? "")) })
    }

    private static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        SHA256(bytes, bytes.count, &digest)
        return digest
    }
}
