import Forging
import Foundation

/// Clients that sign an assertion in the place of a secret (RFC 7523 section 3).
extension IssuerStimulusMaker {
    func assertion(_ how: String) async throws -> IssuerPlay {
        let client = try await desk.signer("signer")
        guard let key = client.key, let issuer = wire.world.issuerURL else { throw BedError("there is nobody to sign an assertion") }
        let now = Int(clock.now)
        var header = [("alg", #""ES256""#), ("typ", #""JWT""#), ("kid", "\"\(key.id)\"")]
        var claims = [
            ("iss", "\"\(client.id)\""), ("sub", "\"\(client.id)\""), ("aud", "\"\(issuer)\""),
            ("jti", "\"\(TokenForge.randomIdentifier())\""), ("iat", "\(now)"), ("exp", "\(now + 60)"),
        ]
        func set(_ name: String, _ text: String?) {
            claims.removeAll { $0.0 == name }
            if let text { claims.append((name, text)) }
        }
        var signing = TokenForge.Signing.right
        var named: String?
        switch how {
        case "right", "again", "at-once": break
        case "other-audience": set("aud", #""https://other.example""#)
        case "no-audience": set("aud", nil)
        case "expired": set("exp", "\(now - 600)")
        case "no-expiry": set("exp", nil)
        case "not-yet-valid": set("nbf", "\(now + 600)")
        case "other-issuer": set("iss", "\"\(baseline)\"")
        case "other-subject": set("sub", "\"\(try await desk.signer("other-signer").id)\"")
        case "others-key": signing = .attackerKey(try await desk.signer("other-signer").key ?? key)
        case "none": (header[0].1, signing) = (#""none""#, .none)
        case "hmac": (header[0].1, signing) = (#""HS256""#, .hmacWithPublicKey)
        case "other-client-id": named = try await desk.signer("other-signer").id
        default: throw BedError("there is no assertion called \(how)")
        }
        var ask = IssuerDesk.tokenRequest(by: client)
        ask.proof = .assertion(try TokenForge.mint(header: header, claims: claims, key: key, signing: signing))
        if let named { ask.parameters.append(("client_id", named)) }
        switch how {
        case "again":
            guard try await wire.send(ask).token != nil else { throw BedError("the assertion is not taken the first time") }
            return try await self.ask(ask)
        case "at-once": return IssuerPlay(atOnce: try await wire.send(ask, atOnce: 10).map { IssuerOutcome(token: $0) })
        default: return try await self.ask(ask)
        }
    }
}
