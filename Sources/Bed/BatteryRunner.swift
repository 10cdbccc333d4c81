import Forging
import Foundation
import Probing
import Scenarios
import Trace

/// Plays a battery: the baseline is accepted, then one thing is bent, then the baseline again, each on a connection of
/// its own. The bent call asks for a write, so that a refusal in words is checked against what was done.
struct BatteryRunner: Sendable {
    let stage: Stage
    let battery: Battery

    func run() async throws {
        let baseline = try await issueBaseline()
        for (index, item) in battery.cases.enumerated() {
            try Task.checkCancellation()
            try stage.maker.patience.check()
            if let schemes = item.schemes, !schemes.contains(stage.cell.scheme.id) { continue }
            let begin = stage.trace.now
            if case .serverCertificate(let name) = item.bend {
                try await impostor(item, name, baseline)
            } else {
                try await single(item, baseline)
            }
            stage.trace.write(cell: stage.cell.id) {
                $0.step = StepEvent(
                    index: index, verb: "case", say: item.title, label: item.check, begin: begin, end: stage.trace.now,
                    clock: stage.world.clock.offset)
            }
        }
    }

    private func issueBaseline() async throws -> Credential {
        var baseline = try await stage.office.issue(battery.baseline, succeeding: nil, lifetime: nil, scopes: StoryRunner.allScopes)
        baseline.session = await stage.maker.session(for: baseline, url: stage.world.serverURL, with: stage.probe(for: baseline))
        return baseline
    }

    private func single(_ item: Battery.Case, _ baseline: Credential) async throws {
        var bent = baseline
        bent.session = nil
        var authorization: [String]?
        let description = try await bend(&bent, &authorization, item.bend)
        await twin(item, baseline, 0)
        let before = await stage.canaryWrites(baseline)
        var event = await stage.maker.perform(
            PlannedCall(
                set: item.check, ordinal: 1, credential: bent, channelName: "new-connection", channel: .newConnection,
                tool: "canary.write", authorization: authorization, url: stage.world.serverURL, bent: description, keepText: true),
            with: stage.probe(for: bent))
        let after = await stage.canaryWrites(baseline)
        if event.outcome != .accepted, let before, let after, after > before {
            event.outcome = .accepted
            event.face = "\(event.face ?? "refused"), but the write was done"
        }
        stage.trace.write(cell: stage.cell.id) { $0.call = event }
        await twin(item, baseline, 2)
    }

    private func twin(_ item: Battery.Case, _ baseline: Credential, _ ordinal: Int) async {
        await stage.maker.call(
            PlannedCall(
                set: item.check, ordinal: ordinal, credential: baseline, twin: true, channelName: "new-connection",
                channel: .newConnection, tool: "canary.read", url: stage.world.serverURL, keepText: ordinal == 0),
            with: stage.probe(for: baseline))
    }

    /// Changes one thing, and says which.
    private func bend(_ credential: inout Credential, _ authorization: inout [String]?, _ bend: Bend) async throws -> String {
        switch bend {
        case .absent:
            (credential.apiKey, credential.token) = (nil, nil)
            return "no credential in the Authorization field"
        case .key(let how):
            credential.apiKey = try await bentKey(credential, how)
            return "key: \(how)"
        case .claims(let claims):
            credential.token = try mint(credential, claims: claims)
            return "claims: \(claims.keys.sorted().joined(separator: ", "))"
        case .header(let header):
            credential.token = try mint(credential, header: header)
            return "header: \(header.keys.sorted().joined(separator: ", "))"
        case .signature(let how):
            // A signature of another algorithm is announced as such, or it would be two faults at once.
            let header: [String: String?] = ["none": ["alg": "\"none\""], "hmac-with-public-key": ["alg": "\"HS256\""]][how] ?? [:]
            credential.token = try mint(credential, header: header, signature: how)
            return "signature: \(how)"
        case .certificate(let name):
            credential.identity = name == "none" ? nil : stage.world.pki.named(name)
            return "certificate: \(name)"
        case .presentation(let how):
            return try await present(&credential, &authorization, how)
        case .proof(let how):
            guard credential.possession != nil else { throw BedError("\(credential.name) proves nothing: its tokens are bound to no key") }
            credential.bentProof = how
            return "proof: \(how)"
        case .binding(let how):
            credential.token = try mint(credential, claims: ["cnf": how == "none" ? nil : otherConfirmation(credential)])
            return "binding: \(how)"
        case .serverCertificate(let name):
            return "server certificate: \(name)"
        }
    }

    private func mint(
        _ credential: Credential, claims: [String: String?] = [:], header: [String: String?] = [:], signature: String? = nil
    ) throws -> String {
        guard let issuer = stage.world.bedIssuer else { throw BedError("tokens are bent on the bench only, where the bed is the issuer") }
        return try issuer.mint(
            subject: credential.principal, scopes: credential.scopes, audience: stage.world.serverURL, lifetime: 3600,
            confirmation: credential.confirmation(stage.cell.scheme), claims: claims, header: header, signature: signature
        ).token
    }

    /// Bound to a key or certificate of somebody else.
    private func otherConfirmation(_ credential: Credential) -> String {
        if let possession = credential.possession { return #"{"jkt":"\#(possession.strangersThumbprint)"}"# }
        return ##"{"x5t#S256":"\##(ProofForge.hash(of: "another certificate"))"}"##
    }

    private func present(_ credential: inout Credential, _ authorization: inout [String]?, _ how: String) async throws -> String {
        switch how {
        case "twice":
            let value = credential.authorization ?? ""
            authorization = [value, value]
            return "two Authorization fields"
        case "certificate-only":
            credential.token = nil
            return "no token"
        case "token-only":
            credential.identity = nil
            return "no certificate"
        case "key-for-token":
            let answer = try await issueKey(environment: nil, principal: "mallory")
            authorization = ["Bearer \(answer)"]
            return "an API key where the token belongs"
        default: throw BedError("there is no presentation called \(how)")
        }
    }

    private func bentKey(_ credential: Credential, _ how: String) async throws -> String {
        guard let key = credential.apiKey else { throw BedError("\(credential.name) has no API key") }
        switch how {
        case "wrong-secret":
            // Another key's secret behind this key's id: the form is right to the last character.
            let other = try await issueKey(environment: nil, principal: "mallory")
            let cut = { (key: String) in key.lastIndex(of: "_") ?? key.startIndex }
            return String(key[..<cut(key)] + other[cut(other)...])
        case "unknown-id":
            let parts = key.split(separator: "_", omittingEmptySubsequences: false)
            guard parts.count == 4 else { throw BedError("the key has not the form sk_ENVIRONMENT_ID_SECRET") }
            return [String(parts[0]), String(parts[1]), String(parts[2].reversed()), String(parts[3])].joined(separator: "_")
        case "truncated": return String(key.dropLast())
        case "other-case":
            let cut = key.lastIndex(of: "_") ?? key.startIndex
            return key[...cut]
                + String(key[key.index(after: cut)...].map { $0.isLowercase ? Character($0.uppercased()) : Character($0.lowercased()) })
        case "other-environment": return try await issueKey(environment: "dev", principal: "mallory")
        default: throw BedError("there is no way to bend a key called \(how)")
        }
    }

    /// Issues a further key, into the same store, for this deployment or another one.
    private func issueKey(environment: String?, principal: String) async throws -> String {
        var configuration = stage.world.serverConfiguration
        if let environment {
            let text = try String(contentsOfFile: configuration, encoding: .utf8)
            configuration = "\(stage.world.folder)/server-\(environment).json"
            try Documents.write(
                Data(text.replacingOccurrences(of: #""environment":"test""#, with: #""environment":"\#(environment)""#).utf8),
                to: configuration)
        }
        let answer = try await stage.world.serverHook("issue").run([
            "config": [configuration], "principal": [principal], "scope": StoryRunner.allScopes, "lifetime": ["3600s"],
        ])
        guard let key = answer["key"]?.text else { throw BedError("the server's issue command answered without a key") }
        return key
    }

    /// A server that shows another certificate; the client under test must refuse it before any secret is sent.
    private func impostor(_ item: Battery.Case, _ name: String, _ baseline: Credential) async throws {
        let world = stage.world
        let path = "\(world.folder)/impostor-\(name).json"
        let audit = "\(world.folder)/impostor-\(name)-audit.jsonl"
        let certificate = world.pki.named(name)
        let right = world.pki.named("server")
        let text = try String(contentsOfFile: world.serverConfiguration, encoding: .utf8)
            .replacingOccurrences(of: right.certificate, with: certificate.certificate)
            .replacingOccurrences(of: right.key, with: certificate.key)
            .replacingOccurrences(of: world.auditPath, with: audit)
        try Documents.write(Data(text.utf8), to: path)
        let server = try await stage.processes.start(stage.cell.server, configuration: path)
        guard let url = server.ready["mcp"] else { throw BedError("the server's ready line names no url") }
        for (ordinal, target, isTwin) in [(0, world.serverURL, true), (1, url, false), (2, world.serverURL, true)] {
            let client = try await stage.startClient(for: baseline, server: target)
            let (events, _) = try await stage.callByClient(
                client, set: item.check, credential: baseline, tool: "canary.read", parallel: 1, twin: isTwin, first: ordinal)
            for var event in events {
                event.bent = isTwin ? nil : "server certificate: \(name)"
                // What counts is whether the request, with the secret in it, arrived.
                if !isTwin, Self.sawRequest(audit) {
                    event.outcome = .accepted
                    event.face = "the request reached the wrong server"
                }
                stage.trace.write(cell: stage.cell.id) { $0.call = event }
            }
            await client.stop()
        }
        await server.stop()
    }

    private static func sawRequest(_ audit: String) -> Bool {
        ((try? String(contentsOfFile: audit, encoding: .utf8)) ?? "").contains(#""event":"request""#)
    }
}
