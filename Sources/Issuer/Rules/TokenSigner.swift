package import OAuth

/// How claims become a token.
package struct TokenSigner: Sendable {
    package typealias Sign = @Sendable (AccessTokenClaims, SigningKey) throws -> String
    private let sign: Sign

    package init(_ sign: @escaping Sign) { self.sign = sign }

    package func callAsFunction(_ claims: AccessTokenClaims, with key: SigningKey) throws -> String { try sign(claims, key) }

    /// A JWT of the type `at+jwt` (RFC 9068 section 2.1).
    package static var standard: TokenSigner {
        TokenSigner { claims, key in try key.sign(claims) }
    }
}
