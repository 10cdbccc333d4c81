package import Auth
import Crypto

import struct Foundation.Data

/// Proof key for code exchange (RFC 7636), with the method `S256` only: `plain` shows the verifier to whoever sees the request.
package enum ProofKey {
    /// The only method there is here, as metadata and requests spell it.
    package static let method = "S256"

    /// A new verifier of 256 random bits, 43 characters (section 4.1).
    package static func verifier() -> Secret<String> {
        Secret(SymmetricKey(size: .bits256).withUnsafeBytes { Base64URL.encode($0) })
    }

    /// The challenge of a verifier (section 4.2).
    package static func challenge(of verifier: Secret<String>) -> String {
        Base64URL.encode(SHA256.hash(data: Data(verifier.reveal().utf8)))
    }

    /// Section 4.1: 43 to 128 unreserved characters.
    package static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "-._~".utf8.contains(byte)
                }
            }
    }

    /// A base64url SHA-256: 43 characters that spell 32 bytes.
    package static func isChallenge(_ text: String) -> Bool { Base64URL.decode(text)?.count == 32 }

    /// Whether the verifier is the one that the challenge was made from; compared in constant time (section 4.6).
    package static func matches(verifier: Secret<String>, challenge: String) -> Bool {
        guard isVerifier(verifier.reveal()), let expected = Base64URL.decode(challenge), expected.count == 32 else { return false }
        return SHA256.hash(data: Data(verifier.reveal().utf8)) == expected
    }
}
