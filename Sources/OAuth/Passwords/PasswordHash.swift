package import Auth
import Crypto
import CryptoExtras
import Foundation

/// What is kept of a person's password: salted, and made slow to guess by scrypt (RFC 7914).
///
/// The text form says itself how it was made, so that the cost can be raised later while older hashes still work.
package struct PasswordHash: Sendable, Hashable {
    /// The parameters of scrypt. Memory in bytes is about 128 × 2^`rounds` × `blockSize`.
    package struct Cost: Sendable, Hashable {
        /// The logarithm of N.
        package var rounds: Int
        /// r.
        package var blockSize: Int
        /// p.
        package var parallelism: Int

        package init(rounds: Int, blockSize: Int, parallelism: Int) {
            self.rounds = rounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// 32 MiB and about a tenth of a second: near what OWASP's password storage recommendations ask for.
        package static let standard = Cost(rounds: 15, blockSize: 8, parallelism: 1)

        /// Beyond this a text in the store would only serve to exhaust the memory.
        var isBearable: Bool { (1...20).contains(rounds) && (1...16).contains(blockSize) && (1...4).contains(parallelism) }
    }

    private let cost: Cost
    private let salt: [UInt8]
    private let key: [UInt8]

    /// Hashes a new password with a new salt of 128 bits. Takes as long as the cost says.
    ///
    /// - Throws: When there is not enough memory.
    package init(of password: Secret<String>, cost: Cost = .standard) throws {
        self.cost = cost
        salt = SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
        key = try Self.derive(password, salt, cost)
    }

    /// Reads the text form; nil for anything else.
    package init?(parsing text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt", let cost = Self.cost(parts[2]), cost.isBearable,
            let salt = Base64URL.decode(parts[3]), let key = Base64URL.decode(parts[4]), salt.count == 16, key.count == 32
        else { return nil }
        (self.cost, self.salt, self.key) = (cost, salt, key)
    }

    /// `$scrypt$ln=15,r=8,p=1$SALT$KEY`, salt and key in base64url.
    package var text: String {
        "$scrypt$ln=\(cost.rounds),r=\(cost.blockSize),p=\(cost.parallelism)$\(Base64URL.encode(salt))$\(Base64URL.encode(key))"
    }

    /// Whether it is the password, found out in constant time once the key is derived.
    ///
    /// - Throws: When there is not enough memory.
    package func matches(_ password: Secret<String>) throws -> Bool {
        let derived = SymmetricKey(data: try Self.derive(password, salt, cost))
        // Symmetric keys are compared in constant time. To HMAC, which is inside, zeros at the end of a password are nothing.
        return derived == SymmetricKey(data: key) && Self.isUsable(password)
    }

    /// A hash of nobody's password, to do the same work for a name that nobody has: a key that no password is known to lead to.
    package static func ofNobody(cost: Cost = .standard) -> PasswordHash {
        PasswordHash(
            cost: cost, salt: SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) },
            key: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }

    private init(cost: Cost, salt: [UInt8], key: [UInt8]) { (self.cost, self.salt, self.key) = (cost, salt, key) }

    /// Not empty, and without characters of value zero.
    private static func isUsable(_ password: Secret<String>) -> Bool { !password.reveal().isEmpty && !password.reveal().utf8.contains(0) }

    private static func derive(_ password: Secret<String>, _ salt: [UInt8], _ cost: Cost) throws -> [UInt8] {
        // Keyboards compose letters differently; RFC 8265 section 4.2.2 compares passwords in normalization form C.
        var bytes = Array(password.reveal().precomposedStringWithCanonicalMapping.utf8)
        // The library cannot take an empty one, which is never a password.
        if bytes.isEmpty { bytes = [0] }
        return try KDF.Scrypt.deriveKey(
            from: bytes, salt: salt, outputByteCount: 32, rounds: 1 << cost.rounds, blockSize: cost.blockSize, parallelism: cost.parallelism
        ).withUnsafeBytes { Array($0) }
    }

    private static func cost(_ text: Substring) -> Cost? {
        let members = text.split(separator: ",", omittingEmptySubsequences: false)
        let values = zip(["ln=", "r=", "p="], members).compactMap { name, member in
            member.hasPrefix(name) ? Int(member.dropFirst(name.count)) : nil
        }
        return members.count == 3 && values.count == 3 ? Cost(rounds: values[0], blockSize: values[1], parallelism: values[2]) : nil
    }
}
