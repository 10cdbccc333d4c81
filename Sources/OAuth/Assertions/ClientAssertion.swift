import Crypto

package import struct Foundation.Date
package import struct Foundation.TimeInterval

/// What a client signs to prove who it is (RFC 7523 section 2.2).
package enum ClientAssertion {
    /// The value of `client_assertion_type`.
    package static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    /// A new assertion, good once.
    /// - Parameters:
    ///   - audience: The issuer's identifier.
    ///   - lifetime: In seconds.
    /// - Throws: When the key cannot sign.
    package static func make(
        clientID: String, audience: String, key: SigningKey, lifetime: TimeInterval = 60, at now: Date
    ) throws -> String {
        struct Claims: Encodable {
            var iss: String
            var sub: String
            var aud: String
            var jti: String
            var iat: Int
            var exp: Int
        }
        let issuedAt = Int(now.timeIntervalSince1970.rounded(.down))
        let jti = SymmetricKey(size: .bits128).withUnsafeBytes { Base64URL.encode($0) }
        let claims = Claims(iss: clientID, sub: clientID, aud: audience, jti: jti, iat: issuedAt, exp: issuedAt + Int(lifetime))
        return try key.sign(claims, header: ["typ": "JWT"])
    }
}
