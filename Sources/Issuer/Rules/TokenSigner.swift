import Crypto
package import OAuth

/// How claims become the text of a token.
package struct TokenSigner: Sendable {
    package typealias Sign = @Sendable (AccessTokenClaims, SigningKey) throws -> String
    private let sign: Sign

    package init(_ sign: @escaping Sign) { self.sign = sign }

    package func callAsFunction(_ claims: AccessTokenClaims, with key: SigningKey) throws -> String { try sign(claims, key) }

    /// A JWT of the type `at+jwt` (RFC 9068 section 2.1).
    package static var standard: TokenSigner {
        TokenSigner { claims, key in try key.sign(claims) }
    }

    /// 256 random bits as base64url: what they are worth only introspection says (RFC 7662).
    package static var opaque: TokenSigner {
        TokenSigner { _, _ in SymmetricKey(size: .bits256).withUnsafeBytes { Base64URL.encode($0) } }
    }
}
