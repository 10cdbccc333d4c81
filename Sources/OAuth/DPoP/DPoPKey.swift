package import Auth
import Crypto
package import Foundation

/// A client's key for proofs of possession (RFC 9449): P-256 with ES256. Printing it does not show it.
package struct DPoPKey: Sendable {
    private let key: P256.Signing.PrivateKey
    private let jwk: JSONWebKey

    /// A new key.
    package init() { self.init(P256.Signing.PrivateKey()) }

    /// - Throws: When the text is not a P-256 private key.
    package init(pem: String) throws { self.init(try P256.Signing.PrivateKey(pemRepresentation: pem)) }

    private init(_ key: P256.Signing.PrivateKey) {
        self.key = key
        jwk = JSONWebKey(p256: Array(key.publicKey.x963Representation))
    }

    /// The private key as PKCS #8.
    package var pem: Secret<String> { Secret(key.pemRepresentation) }

    /// RFC 7638: what a token is bound to as `cnf.jkt`.
    package var thumbprint: String { jwk.kid }

    /// A proof for one request (section 4.2), good once.
    ///
    /// - Parameters:
    ///   - url: The request's URL; query and fragment are left out.
    ///   - accessToken: The token that goes with it; nil at the token endpoint.
    ///   - nonce: What the other side asked for last (section 8).
    package func proof(method: String, url: String, accessToken: Secret<String>?, nonce: String?, at now: Date) throws -> String {
        struct Header: Encodable {
            var typ = "dpop+jwt"
            var alg = "ES256"
            var jwk: Public
        }
        struct Public: Encodable {
            var kty: String
            var crv: String?
            var x: String?
            var y: String?
        }
        struct Claims: Encodable {
            var jti: String
            var htm: String
            var htu: String
            var iat: Int
            var ath: String?
            var nonce: String?
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let claims = Claims(
            jti: SymmetricKey(size: .bits128).withUnsafeBytes { Base64URL.encode($0) }, htm: method,
            htu: String(url.prefix { $0 != "?" && $0 != "#" }), iat: Int(now.timeIntervalSince1970.rounded(.down)),
            ath: accessToken.map { DPoPProof.hash(of: $0) }, nonce: nonce)
        let header = try encoder.encode(Header(jwk: Public(kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y)))
        let input = "\(Base64URL.encode(header)).\(Base64URL.encode(try encoder.encode(claims)))"
        return "\(input).\(Base64URL.encode(try key.signature(for: Data(input.utf8)).rawRepresentation))"
    }
}

/// What both sides of a proof compute.
enum DPoPProof {
    /// The `ath` claim: base64url SHA-256 of the access token's ASCII (section 4.2).
    static func hash(of token: Secret<String>) -> String {
        Base64URL.encode(SHA256.hash(data: Data(token.reveal().utf8)))
    }
}
