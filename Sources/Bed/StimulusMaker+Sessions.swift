import Probing
import Scenarios

/// Sessions of the older era, which are no credentials.
extension StimulusMaker {
    func session(_ how: String) async throws -> Stimulus {
        guard !stage.maker.wire.isStateless else { throw BedError("there are no sessions in \(stage.maker.wire.era)") }
        switch how {
        case "alone":
            var credential = baseline
            (credential.apiKey, credential.token) = (nil, nil)
            var stimulus = Stimulus(credential, "session: without a credential")
            stimulus.authorization = []
            return stimulus
        case "another-callers", "another-callers-end":
            var credential = try await mallory()
            credential.session = baseline.session
            var stimulus = Stimulus(credential, how == "another-callers" ? "session: another caller's" : "session: another caller ends it")
            if how == "another-callers-end" {
                stimulus.anySuccess = true
                stimulus.change = { ($0.method, $0.body) = ("DELETE", []) }
            }
            return stimulus
        case "another-tenants":
            var credential = fresh
            // The same name, of somebody else: names are each tenant's own.
            credential.apiKey = try await issueKey(principal: baseline.principal, tenant: "elsewhere")
            credential.session = baseline.session
            return Stimulus(credential, "session: of another tenant's caller of the same name")
        case "another-callers-events":
            var credential = try await mallory()
            credential.session = baseline.session
            var stimulus = Stimulus(credential, "session: another caller's events, from the last one on")
            stimulus.anySuccess = true
            stimulus.change = { request in
                (request.method, request.body) = ("GET", [])
                request.set("Accept", "text/event-stream")
                request.set("Last-Event-ID", "1")
            }
            return stimulus
        case "another-callers-events-from-ones-own": return try await anothersEvents(as: mallory())
        case "ended":
            var credential = fresh
            credential.session = await stage.maker.session(for: credential, url: stage.world.serverURL, with: stage.probe(for: credential))
            var stimulus = Stimulus(credential, "session: ended")
            let ending = credential
            stimulus.setUp = { [stage] in
                var request = stage.maker.wire.call(
                    "canary.read", url: stage.world.serverURL, authorization: ending.authorization.map { [$0] } ?? [],
                    session: ending.session)
                (request.method, request.body) = ("DELETE", [])
                _ = await stage.probe(for: ending).send(request, over: .newConnection)
            }
            return stimulus
        case "unknown", "none", "twice":
            var stimulus = Stimulus(baseline, "session: \(how)")
            let own = baseline.session
            stimulus.change = { request in
                if how == "twice" {
                    request.headers.append(ProbeHeader(name: "MCP-Session-Id", value: own ?? ""))
                } else {
                    request.set("MCP-Session-Id", how == "none" ? nil : Self.text(64))
                }
            }
            return stimulus
        default: throw BedError("there is no session called \(how)")
        }
    }

    /// A caller as good as the baseline, and somebody else.
    private func mallory() async throws -> Credential {
        var credential = fresh
        credential.name = "mallory"
        credential.principal = "mallory"
        if credential.apiKey != nil {
            credential.apiKey = try await issueKey(principal: "mallory")
        } else {
            credential.token = try mint(claims: ["sub": "\"mallory\"", "client_id": "\"mallory\""])
        }
        return credential
    }
}
