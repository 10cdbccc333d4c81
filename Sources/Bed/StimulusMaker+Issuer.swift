import Forging
import Foundation
import Probing
import Scenarios

/// An issuer that says something else than it should.
extension StimulusMaker {
    /// - Parameter how: One of `Bend.introspections`.
    func introspection(_ how: String) throws -> Stimulus {
        let issuer = try bench()
        // A token of its own: what was answered about another one is not to be remembered.
        let stimulus = try token("introspection: \(how)")
        let now = Int(stage.world.clock.now)
        var members: [(String, String)] = [
            ("active", "true"), ("iss", "\"\(issuer.url)\""), ("sub", "\"\(baseline.principal)\""),
            ("client_id", "\"\(baseline.principal)\""),
            ("aud", "\"\(stage.world.serverURL)\""), ("scope", "\"\(baseline.scopes.joined(separator: " "))\""), ("exp", "\(now + 3600)"),
            ("token_type", "\"Bearer\""),
        ]
        func set(_ name: String, _ text: String?) {
            members.removeAll { $0.0 == name }
            if let text { members.append((name, text)) }
        }
        var answer = BedIssuerScript.Answer(body: "")
        switch how {
        case "inactive": set("active", "false")
        case "active-as-text": set("active", "\"true\"")
        case "active-as-number": set("active", "1")
        case "repeated-active": members.insert(("active", "false"), at: 0)
        case "other-audience": set("aud", "\"https://other.example/mcp\"")
        case "no-audience": set("aud", nil)
        case "refresh-token": set("token_type", "\"refresh_token\"")
        case "other-issuer": set("iss", "\"https://issuer.example\"")
        case "expired": set("exp", "\(now - 600)")
        case "not-yet-valid": set("nbf", "\(now + 600)")
        case "no-subject":
            set("sub", nil)
            set("client_id", nil)
        case "empty-object": members = []
        case "list": answer.body = "[]"
        case "html": (answer.body, answer.contentType) = ("<html><body>active: true</body></html>", "text/html")
        case "status-500": answer.status = 500
        case "status-401": answer.status = 401
        case "slow": answer.delay = .seconds(6)
        default: throw BedError("there is no introspection called \(how)")
        }
        if answer.body.isEmpty { answer.body = "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}" }
        return scripted(stimulus, issuer) {
            $0.introspection = $1
        } answer: {
            answer
        }
    }

    private func scripted(
        _ stimulus: Stimulus, _ issuer: BedIssuer, _ set: @escaping @Sendable (BedIssuerScript, BedIssuerScript.Answer?) -> Void,
        answer: () -> BedIssuerScript.Answer
    ) -> Stimulus {
        var stimulus = stimulus
        let answer = answer()
        stimulus.setUp = { set(issuer.script, answer) }
        stimulus.tearDown = { set(issuer.script, nil) }
        return stimulus
    }

    /// - Parameter how: One of `Bend.keySets`.
    func keySet(_ how: String) throws -> [Stimulus] {
        let issuer = try bench()
        if let kind = KeySetForge.Kind(rawValue: how) {
            let made = try KeySetForge.make(kind, name: "bed-\(how)")
            issuer.script.publish(made.published)
            return [try token("key set: \(how)", signedBy: made.signer)]
        }
        switch how {
        case "flood": return try (0..<60).map { try token("an unknown key, \($0)", header: ["kid": "\"flood-\($0)\""]) }
        case "withdrawn-key", "reused-identifier":
            let other = try TokenForge.generateKey(algorithm: .es256, id: how == "withdrawn-key" ? "bed-2" : issuer.keys[0].id)
            return [aged("key set: \(how)", issuer, .init(body: BedIssuer.keySet([other.publicJWK])))]
        case "not-json": return [aged("key set: not JSON", issuer, .init(body: "<html></html>", contentType: "text/html"))]
        case "status-500": return [aged("key set: HTTP 500", issuer, .init(body: "", status: 500))]
        default: throw BedError("there is no key set called \(how)")
        }
    }

    /// The baseline's token when the server has had time to fetch the issuer's keys anew, and again afterwards.
    private func aged(_ description: String, _ issuer: BedIssuer, _ answer: BedIssuerScript.Answer) -> Stimulus {
        var stimulus = Stimulus(fresh, description)
        let age = Double(stage.cell.scenario.server?.jwksMaxAge ?? 0) + 0.1
        stimulus.setUp = {
            issuer.script.keySet = answer
            try await Task.sleep(for: .seconds(age))
        }
        stimulus.tearDown = {
            issuer.script.keySet = nil
            try await Task.sleep(for: .seconds(age))
        }
        return stimulus
    }
}
