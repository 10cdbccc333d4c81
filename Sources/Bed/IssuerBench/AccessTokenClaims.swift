import Forging
import Foundation

/// What a signed access token says (RFC 9068), without a word being believed.
struct AccessTokenClaims: Sendable {
    let reading: TokenReading

    /// - Returns: Nil for a token that says nothing to anybody but its issuer.
    init?(_ token: String) {
        guard let reading = TokenReading(token) else { return nil }
        self.reading = reading
    }

    var header: [String: Any] { Self.object(reading.header) }
    var members: [String: Any] { Self.object(reading.claims) }

    func text(_ name: String) -> String? { members[name] as? String }
    func number(_ name: String) -> Double? { (members[name] as? NSNumber)?.doubleValue }

    private static func object(_ bytes: [UInt8]) -> [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any] ?? [:]
    }
}
