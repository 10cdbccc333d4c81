package import Auth
import Crypto
import Foundation
import OAuth

/// A client's secret: 256 random bits, shown once to the operator, and kept as its hash.
package enum ClientSecret {
    /// A new secret of 43 characters from the base64url alphabet, which form encoding leaves as they are.
    package static func generate() -> Secret<String> {
        Secret(SymmetricKey(size: .bits256).withUnsafeBytes { Base64URL.encode($0) })
    }

    /// SHA-256. No salt, no stretching: nobody guesses 256 random bits.
    package static func hash(_ secret: Secret<String>) -> [UInt8] {
        Array(SHA256.hash(data: Data(secret.reveal().utf8)))
    }

    /// Compares without telling by its duration how many bytes agree.
    package static func matches(_ secret: Secret<String>, hash: [UInt8]) -> Bool {
        SHA256.hash(data: Data(secret.reveal().utf8)) == hash
    }
}
