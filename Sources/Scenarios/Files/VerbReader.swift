import Yams

/// Reads the mapping behind a verb.
struct VerbReader {
    let reader: SourceReader
    /// What earlier steps said: the credential behind each kept connection, and how long each probe looks.
    var connections: [String: String] = [:]
    var probes: [String: Verb.Probe] = [:]

    mutating func read(_ word: String, _ node: Node) -> Verb? {
        guard let fields = Fields(node, "'\(word)'", reader) else { return nil }
        defer { fields.end() }
        switch word {
        case "issue", "retire", "revoke", "renew": return life(word, fields)
        case "connect", "call", "probe", "replay": return traffic(word, fields)
        case "load", "switch", "stop": return load(word, fields)
        default: return world(word, fields)
        }
    }

    private func life(_ word: String, _ fields: Fields) -> Verb? {
        let label = reader.label(fields.optional("as"))
        if word == "renew" {
            let what = reader.word(fields.required("what"), as: Verb.Renewable.self)
            let overlap = reader.duration(fields.optional("overlap"))
            return what.map { .renew(what: $0, as: label, overlap: overlap) }
        }
        let credential = reader.label(fields.required("credential"))
        if word == "retire" { return credential.map { .retire(credential: $0, as: label) } }
        if word == "revoke" {
            let means = reader.word(fields.optional("by"), as: Verb.RevocationMeans.self)
            return credential.map { .revoke(credential: $0, as: label, by: means) }
        }
        let succeeds = reader.label(fields.optional("succeeds"))
        let lifetime = reader.duration(fields.optional("lifetime"))
        let scopes = reader.list(fields.optional("scopes"), "scopes") { reader.text($0, "a scope") }
        return credential.map { .issue(credential: $0, as: label, succeeds: succeeds, lifetime: lifetime, scopes: scopes) }
    }

    private mutating func traffic(_ word: String, _ fields: Fields) -> Verb? {
        switch word {
        case "connect": connect(fields)
        case "call": call(fields)
        case "replay": replay(fields)
        default: probe(fields)
        }
    }

    private mutating func connect(_ fields: Fields) -> Verb? {
        let label = reader.label(fields.required("as"))
        let with = reader.label(fields.required("with"))
        let through = fields.optional("through").map { reader.word($0, as: Verb.Route.self) } ?? .direct
        let listener = fields.optional("listener").map { reader.word($0, as: Verb.Listener.self) } ?? .tls
        // Noted even when something else is wrong here, so that one mistake is told once.
        if let label, let with { connections[label] = with }
        guard let label, let with, let through, let listener else { return nil }
        return .connect(as: label, with: with, through: through, listener: listener)
    }

    private func call(_ fields: Fields) -> Verb? {
        let label = reader.label(fields.required("as"))
        let over = channel(fields.optional("over"))
        var with = reader.oneOrMore(fields.optional("with"), "credentials") { reader.label($0) }
        // A kept connection already says whose it is.
        if with == nil, let connection = over?.connection, let owner = connections[connection] { with = [owner] }
        if with == nil { _ = fields.required("with") }
        let tool = fields.optional("tool").map { reader.text($0, "a tool's name") } ?? "canary.read"
        let times = fields.optional("times").map { reader.whole($0, in: 1...10_000) } ?? 1
        let caller = fields.optional("by").map { reader.word($0, as: Verb.Caller.self) } ?? .probe
        let several = fields.optional("processes")
        let processes = several.flatMap { reader.whole($0, in: 2...64) }
        if let several, caller == .probe { reader.report(several, "only clients come as several processes: it needs 'by: client'") }
        guard let label, let over, let with, let tool, let times, let caller else { return nil }
        return .call(
            as: label, with: with, over: over.channel, connection: over.connection, tool: tool, times: times, by: caller,
            processes: processes)
    }

    private func replay(_ fields: Fields) -> Verb? {
        let label = reader.label(fields.required("as"))
        let of = reader.label(fields.required("of"))
        let what = fields.optional("what").map { reader.word($0, as: Verb.Replayed.self) } ?? .bytes
        let listener = fields.optional("listener").map { reader.word($0, as: Verb.Listener.self) } ?? .tls
        let times = fields.optional("times").map { reader.whole($0, in: 1...10_000) } ?? 1
        let attacker = fields.optional("by").map { reader.word($0, as: Verb.Attacker.self) } ?? .connection
        guard let label, let of, let what, let listener, let times, let attacker else { return nil }
        return .replay(as: label, of: of, what: what, listener: listener, times: times, by: attacker)
    }

    private mutating func probe(_ fields: Fields) -> Verb? {
        let label = reader.label(fields.required("as"))
        let with = reader.label(fields.required("with"))
        let twin = reader.label(fields.optional("twin"))
        let over = channel(fields.optional("over"))
        let beside = reader.label(fields.optional("beside"))
        let model = beside.flatMap { probes[$0] }
        let around = reader.duration(fields.optional("around-expiry"))
        // Around an expiry the clock is stepped over whole seconds; beside another probe its pace is taken over.
        let every = reader.duration(fields.optional("every")) ?? model?.every ?? around.map { _ in 1 }
        let atMost = reader.duration(fields.optional("at-most")) ?? model?.atMost ?? around
        if every == nil { _ = fields.required("every") }
        if atMost == nil { _ = fields.required("at-most") }
        if let every, every <= 0, let node = fields.optional("every") { reader.report(node, "a probe needs time between its calls") }
        let until = reader.word(fields.optional("until"), of: ["refused", "accepted"])
        let leap = fields.optional("leap").map { reader.truth($0) } ?? false
        guard let label, let with, let over, let every, let atMost, let leap else { return nil }
        let probe = Verb.Probe(
            label: label, with: with, twin: twin, over: over.channel, connection: over.connection, every: every, atMost: atMost,
            untilRefused: until == "refused", untilAccepted: until == "accepted", leap: leap, aroundExpiry: around, beside: beside)
        probes[label] = probe
        return .probe(probe)
    }

    private func load(_ word: String, _ fields: Fields) -> Verb? {
        switch word {
        case "stop":
            let after = reader.duration(fields.optional("after"))
            return reader.label(fields.required("load")).map { .stop(load: $0, after: after) }
        case "switch":
            let label = reader.label(fields.optional("as"))
            let load = reader.label(fields.required("load"))
            let to = reader.label(fields.required("to"))
            let spread = fields.optional("spread-over").map { reader.duration($0) } ?? 0
            guard let load, let to, let spread else { return nil }
            return .switch(load: load, to: to, as: label, spreadOver: spread)
        default:
            let label = reader.label(fields.required("as"))
            let with = reader.label(fields.required("with"))
            let rate = reader.rate(fields.required("rate"))
            let connections = fields.optional("connections").map { reader.whole($0, in: 1...1024) } ?? 1
            let carrier = fields.optional("over").map { reader.word($0, as: Verb.Carrier.self) } ?? .calls
            guard let label, let with, let rate, let connections, let carrier else { return nil }
            if carrier != .calls, connections > 1, let node = fields.optional("connections") {
                reader.report(node, carrier == .stream ? "a stream has one connection" : "each call has a connection of its own already")
            }
            return .load(as: label, with: with, rate: rate, connections: connections, over: carrier)
        }
    }

    private func world(_ word: String, _ fields: Fields) -> Verb? {
        let label = reader.label(fields.optional("as"))
        switch word {
        case "hold": return reader.duration(fields.required("for")).map { .hold(as: label, seconds: $0) }
        case "fault": return fault(fields, label)
        case "restart":
            let roles = Subject.Role.allCases.map(\.rawValue) + ["responder"]
            return reader.word(fields.required("role"), of: roles).map { .restart(role: $0, as: label) }
        case "publish":
            let list = fields.optional("list").map { reader.word($0, of: Bend.lists) } ?? "right"
            let lifetime = reader.duration(fields.optional("lifetime"))
            return list.map { .publish(Verb.Publication(label: label, list: $0, lifetime: lifetime)) }
        default:
            let move = fields.optional("move"), to = fields.optional("to")
            guard (move == nil) != (to == nil) else {
                reader.report(fields.node, "'clock' needs either 'move' (a duration) or 'to' (an instant)")
                return nil
            }
            let optional = fields.optional("optional").flatMap { reader.truth($0) }
            if move != nil { return reader.duration(move).map { .clock(as: label, move: $0, to: nil, optional: optional) } }
            return reader.instant(to).map { .clock(as: label, move: nil, to: $0, optional: optional) }
        }
    }

    private func fault(_ fields: Fields, _ label: String?) -> Verb? {
        let kind = reader.word(fields.required("kind"), as: Verb.Fault.self)
        let given = fields.optional("times")
        let times = given.flatMap { reader.whole($0, in: 1...1000) }
        if let kind, kind.lasts, let given { reader.report(given, "who is stopped stays so until 'restart'") }
        return kind.map { .fault(as: label, kind: $0, times: $0.lasts ? nil : times ?? 1) }
    }

    /// `new-connection`, `replica`, `LABEL` of a kept connection, or `resumed LABEL`.
    private func channel(_ node: Node?) -> (channel: Verb.Channel, connection: String?)? {
        guard let node else { return (.newConnection, nil) }
        guard let text = reader.text(node, "'new-connection', 'replica', a connection's name, or 'resumed' and a connection's name") else {
            return nil
        }
        for channel in [Verb.Channel.newConnection, .replica] where text == channel.rawValue { return (channel, nil) }
        let words = text.split(separator: " ").map(String.init)
        if words.count == 2, words[0] == "resumed", SourceReader.isLabel(words[1]) { return (.resumedSession, words[1]) }
        if words.count == 1, SourceReader.isLabel(words[0]) { return (.kept, words[0]) }
        reader.report(
            node, "expected 'new-connection', 'replica', a connection's name, or 'resumed' and a connection's name, not '\(text)'")
        return nil
    }
}
