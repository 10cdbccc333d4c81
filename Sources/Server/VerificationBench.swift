import Auth
import Foundation
import OAuth

/// How fast the checks on signed tokens are without everything around them: one token after another, on one thread.
///
/// In the server's own program, because a harness that is to judge the server shares no code with it.
package enum VerificationBench {
    package struct Outcome: Sendable, Encodable {
        package var verifications: Int
        /// That this program had of the processors, as `openssl speed` counts them: what else runs on the machine is not in it.
        package var seconds: Double
    }

    /// Verifies a token signed with ES256 by the same list of checks that a call goes through, until the time is over.
    ///
    /// - Throws: When a key cannot be made, or the token is refused: then there is nothing to measure.
    package static func run(seconds: Double) async throws -> Outcome {
        let issuer = "https://issuer.example", audience = "https://server.example/mcp"
        let key = try await SigningKey(generating: .es256)
        let claims = AccessTokenIssuer(issuer: issuer).claims(
            clientID: "bench", resources: [audience], scopes: ["mcp:read"], lifetime: AccessTokenIssuer.maximumLifetime, at: Date())
        let token = try key.sign(claims)
        guard let keys = await PublishedKeys(jwks: try JSONEncoder().encode(JSONWebKeySet(keys: [key.publicJWK]))) else {
            throw StartFailure("the key that was made cannot be published")
        }
        let verifier = TokenChecks.jwt(
            issuers: [TrustedIssuer(issuer)], audience: audience, leeway: 0, keys: OneIssuersKeys(keys: keys))
        let clock = ContinuousClock()
        let worked = processorSeconds()
        let (start, limit) = (clock.now, Duration.seconds(seconds))
        var outcome = Outcome(verifications: 0, seconds: 0)
        while clock.now - start < limit {
            // The clock is read seldom beside what is measured.
            for _ in 0..<50 {
                var evidence = AccessTokenEvidence(token: token)
                if let objection = await verifier.objection(to: &evidence, at: Date()) {
                    throw StartFailure("the token was refused: \(objection.refusal.reason.rawValue)")
                }
                outcome.verifications += 1
            }
        }
        outcome.seconds = processorSeconds() - worked
        return outcome
    }

    /// clock(3), which counts millionths of a second everywhere by POSIX.
    private static func processorSeconds() -> Double { Double(clock()) / 1e6 }

    private struct OneIssuersKeys: KeySource {
        let keys: PublishedKeys

        func keys(issuer: String, kid: String) async -> KeyAnswer { keys[kid].map(KeyAnswer.key) ?? .none }
    }
}
