import Crypto

package import struct Foundation.Data

/// An API key in the form `sk_ENVIRONMENT_ID_SECRET`.
///
/// The prefix is for secret scanners and for telling environments apart; the id is public and finds the record; the secret
/// is what proves possession. Only a hash of the whole is ever stored.
package struct APIKey: Sendable {
    /// The deployment that the key is for, such as `prod`: 1 to 16 characters of `a–z` and `0–9`.
    package let environment: String
    /// The public part: 12 characters, safe to log.
    package let id: String
    private let secret: String

    package static let prefix = "sk"
    package static let idLength = 12
    /// 43 characters drawn evenly from 62 are 256.03 bits.
    package static let secretLength = 43
    /// The longest key there is, in bytes.
    package static let maximumLength = 2 + 1 + environmentLengths.upperBound + 1 + idLength + 1 + secretLength

    private static let environmentLengths = 1...16
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    /// A new key from the system's cryptographic random number generator.
    /// - Parameter environment: Must be a valid name; see ``isEnvironment(_:)``. Anything else traps.
    package init(generatingFor environment: String) {
        precondition(Self.isEnvironment(environment), "\(environment) is not the name of an environment")
        var generator = SystemRandomNumberGenerator()
        self.environment = environment
        id = Self.randomText(Self.idLength, using: &generator)
        secret = Self.randomText(Self.secretLength, using: &generator)
    }

    /// Reads a presented key, or nil when it does not have exactly the form: no blanks, no other alphabet, no other length.
    package init?(parsing text: String) {
        // By bytes, because Swift compares characters, and characters of other scripts can be equal to ASCII ones.
        let bytes = text.utf8
        guard bytes.count <= Self.maximumLength, bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == Self.prefix else { return nil }
        guard Self.isEnvironment(String(parts[1])) else { return nil }
        guard parts[2].utf8.count == Self.idLength, parts[2].utf8.allSatisfy(Self.isAlphanumeric) else { return nil }
        guard parts[3].utf8.count == Self.secretLength, parts[3].utf8.allSatisfy(Self.isAlphanumeric) else { return nil }
        environment = String(parts[1])
        id = String(parts[2])
        secret = String(parts[3])
    }

    /// The whole key, to be shown once, to whoever it was issued for.
    package var text: Secret<String> {
        Secret("\(Self.prefix)_\(environment)_\(id)_\(secret)")
    }

    /// SHA-256 of the whole key: what is stored. A fast hash is right here, because 256 random bits cannot be guessed.
    package var hash: Data {
        Data(digest)
    }

    /// Whether this is the key with that hash, in a time that does not depend on where they differ.
    package func matches(hash stored: Data) -> Bool {
        // swift-crypto's comparison of a digest with bytes runs in constant time.
        digest == stored
    }

    /// Whether a word can be the environment in a key: 1 to 16 of `a–z` and `0–9`.
    package static func isEnvironment(_ name: String) -> Bool {
        environmentLengths.contains(name.utf8.count) && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }

    private var digest: SHA256Digest {
        SHA256.hash(data: Data(text.reveal().utf8))
    }

    private static func randomText(_ length: Int, using generator: inout SystemRandomNumberGenerator) -> String {
        String((0..<length).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] })
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Everything but the secret.
    package var description: String { "\(Self.prefix)_\(environment)_\(id)_***" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["environment": environment, "id": id]) }
}
