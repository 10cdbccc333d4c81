import Forging
import Foundation
import Probing
import Scenarios

/// Turns the words of a battery's case into calls: the baseline with exactly one thing different.
struct StimulusMaker: Sendable {
    let stage: Stage
    let battery: Battery
    let baseline: Credential
    /// A second issuer that the server trusts, where the bed plays two.
    let otherIssuer: BedIssuer?

    func stimuli(_ item: Battery.Case) async throws -> [Stimulus] {
        var stimuli: [Stimulus] = []
        for bend in item.bends {
            // Many of a kind, in one word.
            if case .presentation("guesses") = bend {
                stimuli += guesses()
            } else if case .timing(let plan) = bend {
                stimuli.append(try timing(plan, check: item.check))
            } else {
                stimuli += try await self.stimuli(bend, tool: item.tool ?? "canary.write")
            }
        }
        return stimuli
    }

    /// The baseline, with a session of its own to open where credentials differ.
    var fresh: Credential {
        var credential = baseline
        credential.session = nil
        return credential
    }

    private func stimuli(_ bend: Bend, tool: String) async throws -> [Stimulus] {
        switch bend {
        case .absent:
            var credential = fresh
            (credential.apiKey, credential.token) = (nil, nil)
            return [Stimulus(credential, "no credential in the Authorization field")]
        case .nothing: return [Stimulus(baseline, "nothing")]
        case .key(let how):
            // Where there is no letter, there is none in another case: the right key is not called a wrong one.
            return [try await key(how)].filter { $0.credential.apiKey != baseline.apiKey }
        case .claims(let claims):
            return [try token("claims: \(claims.keys.sorted().joined(separator: ", "))", claims: claims)]
        case .header(let header): return [try token("header: \(header.keys.sorted().joined(separator: ", "))", header: header)]
        case .signature(let how):
            // A signature of another algorithm is announced as such, or it would be two faults at once.
            let header: [String: String?] = ["none": ["alg": "\"none\""], "hmac-with-public-key": ["alg": "\"HS256\""]][how] ?? [:]
            return [try token("signature: \(how)", header: header, signature: how)]
        case .attack(let name): return try attack(name)
        case .audience(let how): return try audience(how)
        case .issuer(let how): return [try issuer(how)]
        case .certificate(let name):
            var credential = fresh
            credential.identity = name == "none" ? nil : stage.world.pki.named(name)
            credential.principal = stage.world.pki.principal(of: name) ?? credential.principal
            var stimulus = Stimulus(credential, "certificate: \(name)")
            stimulus.change = { $0.showsWeakCertificates = true }
            return [stimulus]
        case .limbo(let id): return [try limbo(id)]
        case .moment(let id): return [try moment(id)]
        case .handshake(let how): return [try handshake(how)]
        case .forwarded(let how): return [try forwarded(how)]
        case .presentation(let how): return [try await presentation(how)]
        case .proof(let how):
            guard baseline.possession != nil else { throw BedError("\(baseline.name) proves nothing: its tokens are bound to no key") }
            var credential = fresh
            credential.bentProof = how
            return [Stimulus(credential, "proof: \(how)")]
        case .binding("renewed"): return [try renewed()]
        case .binding(let how): return [try token("binding: \(how)", claims: ["cnf": confirmation(how)])]
        case .health(let what): return try await health(what)
        case .scopes(let scopes): return [try await scoped(scopes)]
        case .request(let change): return [request(change)]
        case .body(let how): return [body(how)]
        case .tool(let name): return [tooled(name)]
        case .unauthenticated(let what): return [unauthenticated(what)]
        case .session(let how): return [try await session(how)]
        case .timing: throw BedError("what is timed belongs to a check")
        case .tenant(let how): return [try await tenant(how)]
        case .octets(let how): return [octets(how, tool)]
        case .introspection(let how): return [try introspection(how)]
        case .keySet(let how): return try keySet(how)
        case .issuing(let act): throw BedError("\(act.place.rawValue) is asked of issuers, and here a server stands")
        case .ocsp(let how): return [try ocsp(how)]
        case .list(let change): return [try list(change)]
        case .peer: throw BedError("a peer of the client is bent on the client's bench")
        }
    }

    private func limbo(_ id: String) throws -> Stimulus {
        guard let pool = stage.world.limbo else { throw BedError("the chains after x509-limbo were not made") }
        var credential = fresh
        (credential.identity, credential.principal) = (try pool.chain(id), LimboPool.principal)
        var stimulus = Stimulus(credential, "limbo: \(id)")
        stimulus.change = { $0.showsWeakCertificates = true }
        return stimulus
    }

    private func moment(_ id: String) throws -> Stimulus {
        guard let moment = try stage.world.limbo?.moment(id) else { throw BedError("'\(id)' is not about a moment") }
        var stimulus = try limbo(id)
        let clock = stage.world.clock
        stimulus.setUp = { try clock.stop(at: moment) }
        stimulus.tearDown = { try clock.set(offset: 0) }
        return stimulus
    }

    /// What the token says that it is bound to; nil: nothing.
    private func confirmation(_ how: String) -> String? {
        let right = baseline.thumbprint ?? ""
        let base64 = right.replacing("-", with: "+").replacing("_", with: "/")
        let digest = Data(base64Encoded: base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)) ?? Data()
        return switch how {
        case "none": nil
        case "hexadecimal": ##"{"x5t#S256":"\##(digest.map { String(format: "%02x", $0) }.joined())"}"##
        case "padded": ##"{"x5t#S256":"\##(right)="}"##
        // The name for a SHA-1 (RFC 7515 section 4.1.7), which binds nothing (RFC 8705 section 3.1).
        case "other-member": #"{"x5t":"\#(right)"}"#
        case "empty": "{}"
        case "key-only": #"{"jkt":"\#(right)"}"#
        default: otherConfirmation
        }
    }

    /// The right token over a certificate that has taken the place of the one it is bound to.
    private func renewed() throws -> Stimulus {
        let issued = try stage.world.pki.issueClient(
            name: "\(baseline.name)-renewed", principal: baseline.principal, lifetime: 86400, now: stage.world.clock.now)
        var credential = fresh
        (credential.identity, credential.serial, credential.thumbprint) = (issued.identity, issued.serial, issued.thumbprint)
        return Stimulus(credential, "the token of the certificate before")
    }

    /// Bound to a key or certificate of somebody else.
    private var otherConfirmation: String {
        if let possession = baseline.possession { return #"{"jkt":"\#(possession.strangersThumbprint)"}"# }
        return ##"{"x5t#S256":"\##(ProofForge.hash(of: "another certificate"))"}"##
    }

    /// A credential of the same kind that may do something else. A key is somebody else's: the baseline's must not have rivals.
    private func scoped(_ scopes: [String]) async throws -> Stimulus {
        var credential = fresh
        let words = scopes.isEmpty ? "no scopes" : "scopes: \(scopes.joined(separator: " "))"
        if credential.apiKey != nil {
            credential.principal = "carol"
            credential.apiKey = try await issueKey(principal: "carol", scopes: scopes)
        } else {
            credential.token = try mint(scopes: scopes)
        }
        credential.scopes = scopes
        return Stimulus(credential, words)
    }

    // MARK: Keys that are made on the way

    /// Issues a further key into the same store, for this deployment or another one.
    func issueKey(
        environment: String? = nil, principal: String, tenant: String? = nil, scopes: [String] = StoryRunner.allScopes
    ) async throws -> String {
        try await issueKeyWithID(environment: environment, principal: principal, tenant: tenant, scopes: scopes).key
    }

    func issueKeyWithID(
        environment: String? = nil, principal: String, tenant: String? = nil, scopes: [String] = StoryRunner.allScopes
    ) async throws -> (key: String, id: String) {
        var configuration = stage.world.serverConfiguration
        if let environment {
            let text = try String(contentsOfFile: configuration, encoding: .utf8)
            configuration = "\(stage.world.folder)/server-\(environment).json"
            try Documents.write(
                Data(text.replacingOccurrences(of: #""environment":"test""#, with: #""environment":"\#(environment)""#).utf8),
                to: configuration)
        }
        let answer = try await stage.world.serverHook("issue").run(
            stage.world.placeholders([
                "config": [configuration], "principal": [principal], "scope": scopes, "lifetime": ["3600s"],
                "tenant": (tenant ?? stage.world.tenant(of: principal)).map { [$0] } ?? [],
            ]))
        guard let key = answer["key"]?.text, let id = answer["key_id"]?.text else {
            throw BedError("the server's issue command answered without a key")
        }
        return (key, id)
    }
}
