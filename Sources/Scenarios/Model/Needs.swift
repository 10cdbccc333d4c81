/// What a server must have for a part of a scenario to mean anything.
extension Verb {
    package var needs: Set<Capability> {
        switch self {
        case .issue(_, _, _, _, let scopes): scopes == nil ? [] : [.scopes, .toolScopes]
        case .connect(_, _, _, let listener): listener == .plaintext ? [.plaintext] : []
        case .call(_, _, let over, _, let tool, _, let by, let processes):
            Self.needs(of: tool).union(by == .client || processes != nil ? [.mcp] : []).union(over == .replica ? [.replica] : [])
        case .load(_, _, _, _, let carrier): carrier == .stream ? [.streams] : [.load]
        case .clock: [.clock]
        case .probe(let probe):
            (probe.leap || probe.aroundExpiry != nil ? [.clock] as Set<Capability> : []).union(probe.over == .replica ? [.replica] : [])
        case .replay(_, _, let what, let listener, _, _):
            listener == .plaintext ? [.plaintext] : what == .bytes || what == .earlyData ? [.tls] : []
        case .restart(let role, _): role == "responder" ? [] : [.restart]
        case .fault(_, .responderStopped, _): []
        case .renew(.signingKey, _, _), .fault: [.otherIssuer]
        case .renew: [.reload]
        case .revoke(_, _, .allowList): [.names, .allowList]
        case .retire, .revoke, .switch, .stop, .hold, .publish: []
        }
    }

    fileprivate static func needs(of tool: String) -> Set<Capability> {
        ["canary.read", "canary.write"].contains(tool) ? [] : [.tools]
    }

    /// The credentials, connections and traffic that it is about.
    package var uses: [String] {
        switch self {
        case .issue(_, _, let predecessor, _, _): predecessor.map { [$0] } ?? []
        case .retire(let name, _), .revoke(let name, _, _): [name]
        case .switch(let load, let to, _, _): [load, to]
        case .connect(_, let with, _, _): [with]
        case .call(_, let with, _, let connection, _, _, _, _): with + (connection.map { [$0] } ?? [])
        case .probe(let probe): [probe.with] + [probe.twin, probe.connection, probe.beside].compactMap { $0 }
        case .load(_, let with, _, _, _): [with]
        case .stop(let load, _): [load]
        case .replay(_, let of, _, _, _, _): [of]
        case .renew, .hold, .clock, .fault, .restart, .publish: []
        }
    }

    /// The credential, connection or traffic that it makes.
    package var makes: String? {
        switch self {
        case .issue(let name, _, _, _, _): name
        case .connect(let name, _, _, _), .load(let name, _, _, _, _): name
        case .probe(let probe): probe.label
        default: nil
        }
    }
}

extension Battery.Case {
    package var needs: Set<Capability> {
        var needs = bends.reduce(into: Set<Capability>()) { $0.formUnion($1.needs) }
        // The rest is what servers and clients may have or not have.
        if asksAnIssuer { return needs }
        // Where it must be refused for one reason alone, whoever does not know the reason has not been asked.
        for case let reason? in [because.count == 1 ? because.first.flatMap(ReasonWord.init(rawValue:)) : nil] {
            switch reason {
            case .scope: needs.insert(.scopes)
            case .name: needs.insert(.names)
            case .environment: needs.insert(.keyForm)
            case .tenant: needs.insert(.tenants)
            case .throttled: needs.insert(.throttling)
            default: break
            }
        }
        for form in form {
            switch form {
            case .metadata: needs.insert(.metadata)
            case .challenge, .invalidToken, .invalidRequest, .insufficientScope: needs.insert(.challenges)
            default: break
            }
        }
        for name in atMost.keys { needs.formUnion(Self.looked[name] ?? []) }
        return tool.map { needs.union(Verb.needs(of: $0)) } ?? needs
    }

    /// Where the bed looks to count what it finds.
    private static let looked: [String: Set<Capability>] = [
        "leaks-in-store": [.store], "leaks-in-log": [.log], "leaks-in-audit": [.audit], "unaccounted": [.audit], "torn-records": [.audit],
        "indistinct": [.audit], "misnamed-callers": [.tools], "wrong-metadata": [.metadata], "guessable-sessions": [.mcp, .sessions],
        "unmarked": [.audit], "unplaced-callers": [.audit], "one-sided-records": [.audit], "secrets-in-sight": [.memory],
    ]
}

extension ServerSettings {
    /// What a server must have to be told such things.
    package var needs: Set<Capability> {
        var needs: Set<Capability> = []
        if listRefresh != nil { needs.insert(.lists) }
        if tenants != nil { needs.insert(.tenants) }
        if refusalsPerMinute != nil { needs.insert(.throttling) }
        if upstream != nil { needs.insert(.tools) }
        return needs
    }
}

extension Bend {
    package var needs: Set<Capability> {
        switch self {
        case .key(let how):
            how == "expired"
                ? [.clock] : ["wrong-secret", "unknown-id", "other-environment", "prefix-and-percent"].contains(how) ? [.keyForm] : []
        case .presentation(let how): ["two-callers", "key-beside-narrow-token"].contains(how) ? [.scopes] : []
        case .claims(let members): members["scope"] == nil ? [.bedIssuer] : [.bedIssuer, .scopes]
        case .issuer(let how): how.hasPrefix("others-key") ? [.bedIssuer, .twoIssuers] : [.bedIssuer]
        case .header, .signature, .attack, .audience, .binding, .introspection, .keySet: [.bedIssuer]
        case .scopes: [.scopes]
        case .health: [.health]
        case .body, .tool: [.mcp, .canary]
        case .session: [.mcp, .sessions]
        case .unauthenticated(let what):
            what.hasPrefix("metadata") ? [.metadata] : what == "article-tool" ? [.mcp, .articleEndpoints] : what == "call" ? [] : [.mcp]
        case .peer(let change):
            (change.part == .metadata ? [.metadata] as Set<Capability> : [])
                .union(change.part == .ownFiles || change.startsAnew ? [.memory] : [])
        case .list: [.lists]
        case .moment: [.clock]
        case .issuing(let act): act.movesClock ? [.clock] : []
        default: []
        }
    }
}

extension Expectation {
    package var needs: Set<Capability> {
        if case .count(.fact(let name), _, _, _, _) = form {
            return name == "canary.writes" ? [.canary] : name.hasSuffix(".newest-certificate") ? [.reload] : []
        }
        if case .refused(_, _, let because, _, _) = form, because == ["scope"] { return [.scopes, .toolScopes] }
        return []
    }
}
