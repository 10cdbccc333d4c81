package import Auth
import Crypto
import Foundation
import OAuth

/// The text of refresh tokens: 256 bits that nobody can guess, as base64url.
package enum RefreshToken {
    /// The first of a grant.
    package static func generate() -> Secret<String> { ClientSecret.generate() }

    /// What successors are made with; see `RefreshTokenRecord`.
    package static func successorKey() -> Secret<[UInt8]> {
        Secret(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    /// The token after one: its HMAC, which takes the token's text and the key to know.
    package static func successor(of token: Secret<String>, key: Secret<[UInt8]>) -> Secret<String> {
        let code = HMAC<SHA256>.authenticationCode(for: Data(token.reveal().utf8), using: SymmetricKey(data: key.reveal()))
        return Secret(Base64URL.encode(code))
    }
}
