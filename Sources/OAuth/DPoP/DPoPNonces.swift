import Crypto
package import Foundation

/// Nonces for proofs (RFC 9449 section 8), made from the time with a key of this process: nothing is stored, and nobody else
/// can make one in advance.
package struct DPoPNonces: Sendable {
    private let key = SymmetricKey(size: .bits256)
    private let lifetime: TimeInterval

    /// - Parameter lifetime: Seconds for which a new nonce is given out; it is accepted for as long again.
    package init(lifetime: TimeInterval = 300) {
        self.lifetime = max(lifetime, 1)
    }

    /// What to send as `DPoP-Nonce`.
    package func current(at now: Date) -> String { nonce(slot(now)) }

    /// Whether it is this slot's nonce or the one before.
    package func accepts(_ nonce: String, at now: Date) -> Bool {
        let slot = slot(now)
        guard let code = Base64URL.decode(nonce) else { return false }
        return [slot, slot - 1].contains { slot in
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.bytes(slot), using: key)
        }
    }

    private func slot(_ now: Date) -> Int64 { Int64((now.timeIntervalSince1970 / lifetime).rounded(.down)) }

    private func nonce(_ slot: Int64) -> String {
        Base64URL.encode(HMAC<SHA256>.authenticationCode(for: Self.bytes(slot), using: key))
    }

    private static func bytes(_ slot: Int64) -> Data { Data(withUnsafeBytes(of: slot.bigEndian) { Array($0) }) }
}
