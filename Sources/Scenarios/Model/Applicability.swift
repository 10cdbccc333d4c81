/// What of a scenario can be asked of its subjects at all, and why not the rest. What is not applicable says so, with its reason;
/// it is never counted as passed.
package struct Applicability: Sendable {
    package var server: Subject
    /// Nil where ours stands in.
    package var client: Subject?
    package var issuer: Subject?
    package var scheme: Scheme
    package var scenario: Scenario
    package var era: String

    package init(server: Subject, client: Subject? = nil, issuer: Subject? = nil, scheme: Scheme, scenario: Scenario, era: String) {
        self.server = server
        self.client = client
        self.issuer = issuer
        self.scheme = scheme
        self.scenario = scenario
        self.era = era
    }

    /// Why nothing of the scenario applies; nil where something does.
    package var gap: String? {
        if scenario.world == .issuerBench {
            guard let issuer, !issuer.schemes.contains(scheme.id) else { return nil }
            return "\(issuer.id) does not offer \(scheme.id)"
        }
        if let client {
            let calls = scenario.steps.contains(where: \.verb.isByClient)
            if scenario.world == .clientBench || calls, !client.schemes.contains(scheme.id) {
                return "\(client.id) does not offer \(scheme.id)"
            }
            if scenario.world == .clientBench { return nil }
            if client.contract != .session, calls {
                return "\(client.id) is started anew for each call, and keeps nothing from one to the next"
            }
        }
        if let issuer, needsIssuer, !issuer.schemes.contains(scheme.id) { return "\(issuer.id) does not offer \(scheme.id)" }
        // There is nothing else that such a story is about.
        let renewal = scenario.steps.lazy.map(\.verb).first { if case .renew(.signingKey, _, _) = $0 { true } else { false } }
        if needsIssuer, let why = renewal.flatMap(gap) { return why }
        if !server.schemes.contains(scheme.id) { return "\(server.id) does not offer \(scheme.id)" }
        let era = scenario.era ?? self.era
        if !server.eras.contains(era) { return "\(server.id) does not speak MCP \(era)" }
        if let why = lack(of: scenario.server?.needs ?? []) { return why }
        if scheme.presents.contains("api-key"), server.hooks["issue"] == nil, server.credentials.isEmpty {
            return "\(server.id) has no command that issues keys, and the bed was given none"
        }
        if scheme.presents.contains("token"), server.credentials.isEmpty, let why = server.lack(of: .bedIssuer),
            server.lack(of: .otherIssuer) != nil
        {
            return why
        }
        if scenario.battery == nil || !server.credentials.isEmpty { return nil }
        return scheme.presents.contains("token") ? server.lack(of: .bedIssuer) : nil
    }

    /// Why a check cannot be decided, by its id; those that can be are not among them.
    ///
    /// - Parameter needs: What a check needs besides, by its id.
    package func gaps(needs: [String: [Capability]]) -> [String: String] {
        var gaps: [String: String] = [:]
        for expectation in scenario.expect {
            var all = expectation.needs.union(needs[expectation.check] ?? [])
            // How soon it ends is what the server was told, if it listens.
            if case .window = expectation.form, scenario.server?.jwksMaxAge != nil || scenario.server?.jwksOutage != nil {
                all.insert(.cacheTimes)
            }
            gaps[expectation.check] = lack(of: all)
        }
        for item in scenario.battery?.cases ?? [] where item.schemes?.contains(scheme.id) ?? true {
            let all = item.needs.union(needs[item.check] ?? [])
            gaps[item.check] = lack(of: all) ?? gap(in: item)
        }
        return gaps
    }

    /// Why a step cannot be taken; nil where it can.
    package func gap(of verb: Verb) -> String? {
        var needs = verb.needs
        // Whether a promise of seconds is kept shows without another clock; it only does not show how long it is broken.
        if case .probe(let probe) = verb, probe.aroundExpiry == nil, scheme.revocationPromise != nil { needs.remove(.clock) }
        if let why = lack(of: needs) { return why }
        switch verb {
        case .issue(_, _, let predecessor, let lifetime, let scopes):
            guard !server.credentials.isEmpty, predecessor != nil || lifetime != nil || scopes != nil else { return nil }
            return "the bed was given a credential, and cannot choose what it is good for"
        case .renew(.signingKey, _, _):
            guard let issuer, issuer.hooks["renew-signing-key"] == nil else { return nil }
            return "\(issuer.id) has no command that renews signing keys"
        case .revoke(_, _, .allowList):
            return server.isAttached ? "\(server.id) was not started by the bed, so it reads no list of names of the bed's" : nil
        case .revoke, .retire:
            if !server.credentials.isEmpty { return "the bed was given a credential, and cannot take it back" }
            if scheme.presents.contains("api-key"), server.hooks["revoke"] == nil { return "\(server.id) has no command that revokes keys" }
            if scheme.presents.contains("certificate"), scheme.revocationPromise != nil, server.isAttached {
                return "\(server.id) was not started by the bed, so it reads no revocation list of the bed's"
            }
            return nil
        default: return nil
        }
    }

    /// Whether the issuer is a subject of its own there, beside a server.
    private var needsIssuer: Bool {
        scenario.world == .ensemble && scheme.presents.contains("token") && server.lack(of: .otherIssuer) == nil
    }

    /// Whether the clock is moved: the scenario does, and everybody who takes part goes by it.
    package var movesClock: Bool { scenario.movesClock && lack(of: [.clock]) == nil }

    /// Whether a story that cannot take this step is another story from then on.
    package static func turns(_ verb: Verb) -> Bool {
        switch verb {
        case .clock(_, _, _, optional: true): false
        case .revoke, .retire, .renew, .restart, .fault, .clock: true
        default: false
        }
    }

    private func gap(in item: Battery.Case) -> String? {
        if issuesKeys(item), server.hooks["issue"] == nil { return "\(server.id) has no command that issues keys" }
        if item.bends.contains(.key("revoked")), server.hooks["revoke"] == nil { return "\(server.id) has no command that revokes keys" }
        if item.atMost["misnamed-callers"] != nil, !server.credentials.isEmpty {
            return "the bed was given a credential, and does not know whose it is"
        }
        return nil
    }

    private func issuesKeys(_ item: Battery.Case) -> Bool {
        guard scheme.presents.contains("api-key") else { return false }
        return item.bends.contains { bend in
            switch bend {
            case .key(let how): ["wrong-secret", "other-environment", "revoked", "expired", "first-of-two", "second-of-two"].contains(how)
            case .scopes: true
            case .presentation(let how): ["key-for-token", "two-callers"].contains(how)
            case .session(let how): how.hasPrefix("another-")
            default: false
            }
        }
    }

    private var underTest: Subject {
        switch scenario.world {
        case .clientBench: client ?? server
        case .issuerBench: issuer ?? server
        case .ensemble, .bench: server
        }
    }

    /// All who go by the one clock that the bed moves.
    private var clocked: [Subject] {
        guard scenario.world == .ensemble else { return [underTest] }
        let caller = scenario.steps.contains(where: \.verb.isByClient) ? client : nil
        return [server] + [needsIssuer ? issuer : nil, caller].compactMap { $0 }
    }

    private func lack(of needs: Set<Capability>) -> String? {
        needs.sorted { $0.rawValue < $1.rawValue }.lazy.compactMap { need in
            (need == .clock ? clocked : [underTest]).lazy.compactMap { $0.lack(of: need) }.first
        }.first
    }
}

extension Subject {
    /// Why it does not have that; nil where it has, as far as it says.
    package func lack(of capability: Capability) -> String? {
        if let why = lacks[capability] { return why }
        switch capability {
        case .memory: return contract == .session ? nil : "\(id) is started anew for each call"
        case .audit: return audit ? nil : "\(id) writes no audit trail that the bed can read"
        case .mcp: return speaksPlainHTTP ? "\(id) speaks plain HTTP, and no MCP" : nil
        case .tools, .canary, .streams, .articleEndpoints:
            return calls.isEmpty ? nil : speaksPlainHTTP ? "\(id) speaks plain HTTP, and no MCP" : "\(id) has tools of its own"
        case .bedIssuer:
            guard isAttached, issuerPort == nil else { return nil }
            return credentials.isEmpty
                ? "\(id) was not started by the bed: it trusts the bed as an issuer only where --issuer-port says so"
                : "the bed was given a credential, and is not the issuer that it comes from"
        case .replica: return startsTwice ? nil : "\(id) is one process, which the bed cannot start twice"
        case .tls: return listensInTheOpen ? "\(id) listens without TLS" : nil
        case .plaintext: return isAttached && !listensInTheOpen ? "\(id) was not started by the bed" : nil
        case .health, .reload, .clock, .restart, .log, .store, .otherIssuer, .twoIssuers, .cacheTimes, .tenants, .throttling:
            return isAttached ? "\(id) was not started by the bed" : nil
        default: return nil
        }
    }
}
