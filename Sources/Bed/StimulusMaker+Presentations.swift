import Foundation
import Probing
import Scenarios

/// The right credential, shown in another way than in one Authorization field.
extension StimulusMaker {
    /// Who has a certificate of his own, and nobody's token.
    static let insider = "insider"

    func presentation(_ how: String) async throws -> Stimulus {
        let secret = baseline.token ?? baseline.apiKey ?? ""
        let value = baseline.authorization ?? ""
        let wrong = "Bearer \(baseline.apiKey.map { String($0.dropLast()) + "_" } ?? "wrong")"
        var stimulus = Stimulus(fresh, "presented: \(how)")
        if let values = [
            "twice": [value, value], "good-then-bad": [value, wrong], "bad-then-good": [wrong, value], "comma-list": ["\(wrong), \(value)"],
            "basic": ["Basic " + Data("\(secret):".utf8).base64EncodedString()], "other-scheme": ["Token \(secret)"], "bare": [secret],
            "scheme-alone": ["Bearer"], "scheme-and-blank": ["Bearer "], "no-blank": ["Bearer\(secret)"],
            "lower-case": ["bearer \(secret)"],
            "upper-case": ["BEARER \(secret)"],
            "unknown-scheme": ["\(Self.text(6).uppercased())\(UInt32.random(in: 0...UInt32.max)) \(secret)"], "quotes": [#"Bearer a"b"#],
            "encoded-line-break": ["Bearer %0d%0aX-Injected:1"], "altered": ["Bearer \(altered(secret))"],
        ][how] {
            stimulus.authorization = values
            return stimulus
        }
        switch how {
        case "certificate-only": stimulus.credential.token = nil
        case "token-only": stimulus.credential.identity = nil
        case "key-for-token": stimulus.authorization = ["Bearer \(try await issueKey(principal: "mallory"))"]
        case "key-beside-bad-token":
            let key = try await issueKey(principal: "mallory")
            stimulus.authorization = ["Bearer \(altered(secret))"]
            stimulus.change = { $0.set("X-API-Key", key) }
        case "key-beside-narrow-token":
            let key = try await issueKey(principal: "mallory")
            stimulus.credential.token = try mint(scopes: ["mcp:read"])
            stimulus.change = { $0.set("X-API-Key", key) }
        case "two-callers":
            let key = try await issueKey(principal: "mallory")
            (stimulus.credential.principal, stimulus.credential.scopes) = ("carol", ["mcp:read"])
            stimulus.credential.apiKey = try await issueKey(principal: "carol", scopes: ["mcp:read"])
            stimulus.change = { $0.set("X-API-Key", key) }
            return stimulus
        case "own-origin":
            let url = stage.world.serverURL
            let end = url.range(of: "://").flatMap { url[$0.upperBound...].firstIndex(of: "/") } ?? url.endIndex
            let origin = String(url[..<end])
            stimulus.change = { $0.set("Origin", origin) }
        case "anothers-certificate":
            let issued = try stage.world.pki.issueClient(
                name: Self.insider, principal: Self.insider, lifetime: 86400, now: stage.world.clock.now)
            (stimulus.credential.identity, stimulus.credential.serial) = (issued.identity, issued.serial)
            stimulus.credential.thumbprint = issued.thumbprint
        case "query-api-key", "query-key", "query-access-token":
            let name = how.dropFirst("query-".count).replacingOccurrences(of: "-", with: "_")
            stimulus.authorization = []
            stimulus.change = { $0.url += "?\(name)=\(WebForm.escape(secret))" }
        case "cookie":
            stimulus.authorization = []
            stimulus.change = { $0.set("Cookie", "access_token=\(secret); api_key=\(secret)") }
        case "x-api-key":
            stimulus.authorization = []
            stimulus.change = { $0.set("X-API-Key", secret) }
        case "form":
            stimulus.authorization = []
            stimulus.change = {
                $0.set("Content-Type", "application/x-www-form-urlencoded")
                $0.body = Array("access_token=\(WebForm.escape(secret))".utf8)
            }
        case "guesses": throw BedError("guesses are many")
        default: throw BedError("there is no presentation called \(how)")
        }
        // In the session that is open: to open another is a request of its own, without what is bent.
        if stimulus.change != nil { stimulus.credential.session = baseline.session }
        return stimulus
    }

    /// As long as the right one and of its form, and nobody's: a key with another end, or a token with another signature.
    private func altered(_ secret: String) -> String {
        let end = secret.hasSuffix("AAAAAAAA") ? "BBBBBBBB" : "AAAAAAAA"
        return secret.dropLast(8) + end
    }

    /// More tries than a minute is to have, each with another text that nobody was given.
    func guesses() -> [Stimulus] {
        (0..<Self.guessCount).map { number in
            var stimulus = Stimulus(fresh, "a guess")
            stimulus.authorization = ["Bearer \(Self.text(40))\(number)"]
            return stimulus
        }
    }

    private static let guessCount = 25
}
