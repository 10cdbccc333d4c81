import Foundation
import Probing
import Scenarios
import Trace

/// Plays the steps of a story, one after another; probes that stand beside one another, and traffic, run at the same time.
struct StoryRunner: Sendable {
    static let allScopes = ["mcp:execute", "mcp:read", "mcp:write"]

    let stage: Stage
    var cell: Cell { stage.cell }
    var world: CellWorld { stage.world }

    init(stage: Stage) { self.stage = stage }

    /// What the steps so far have made.
    struct Props {
        var credentials: [String: Credential] = [:]
        var kept: [String: KeptConnection] = [:]
        var taps: [String: Wiretap] = [:]
        var traffic: [String: any Traffic] = [:]
        /// The clients under test by credential: one, or several that share what they keep.
        var clients: [String: [SubjectProcess]] = [:]
        var instants: [String: Double] = [:]
        var commandsBefore: Int?
        var wroteCanary: Credential?
        /// Credentials, connections and traffic that there are not, because the subject does not offer what makes them.
        var absent: [String: String] = [:]
        /// Why nothing that comes now is what the story is about: a turn that it hangs on could not be taken.
        var ended: String?
    }

    func run() async throws {
        var props = Props()
        defer { for tap in props.taps.values { Task { await tap.stop() } } }
        var index = 0
        while index < cell.scenario.steps.count {
            try Task.checkCancellation()
            var group = [cell.scenario.steps[index]]
            if case .probe = group[0].verb {
                while index + group.count < cell.scenario.steps.count,
                    case .probe(let next) = cell.scenario.steps[index + group.count].verb,
                    next.beside != nil
                {
                    group.append(cell.scenario.steps[index + group.count])
                }
            }
            try stage.maker.patience.check()
            try await play(group, at: index, &props)
            index += group.count
        }
        for traffic in props.traffic.values { await traffic.stop() }
        if let before = props.commandsBefore {
            stage.fact("operator-commands", Double(world.commands - before), unit: "commands")
        }
        if let writer = props.wroteCanary, let writes = await stage.canaryWrites(writer) {
            stage.fact("canary.writes", Double(writes), unit: "writes")
        }
    }

    private func play(_ group: [Step], at index: Int, _ props: inout Props) async throws {
        let begin = stage.trace.now
        let step = group[0]
        let before = try await FrontCount(world)
        let asked = world.responder?.questions
        var absent = props.ended ?? group.compactMap { absence(of: $0.verb, props) }.first
        if let why = absent {
            if cell.applicability.gap(of: step.verb) != nil { leave(group, why, &props) } else { lack(group, why, &props) }
        } else if case .probe = step.verb {
            let targets = try group.compactMap { step -> ProbeRunner.Target? in
                guard case .probe(let probe) = step.verb else { return nil }
                return ProbeRunner.Target(
                    step: probe, credential: try find(probe.with, props), twin: try probe.twin.map { try find($0, props) },
                    kept: probe.connection.flatMap { props.kept[$0] })
            }
            try await ProbeRunner(maker: stage.maker, clock: world.clock, world: world).run(targets)
        } else {
            do { try await act(step.verb, &props) } catch let gap as SubjectGap {
                absent = gap.why
                leave(group, gap.why, &props)
            }
        }
        if let before, let label = step.verb.label, step.verb.makesCalls {
            let requests = try await FrontCount(world)?.since(before) ?? before
            world.front?.recover()
            stage.fact("\(label).token-requests", Double(requests.token), unit: "requests")
            stage.fact("\(label).authorization-requests", Double(requests.authorization), unit: "requests")
        }
        if let asked, let label = step.verb.label, step.verb.makesCalls {
            stage.fact("\(label).ocsp-questions", Double((world.responder?.questions ?? asked) - asked), unit: "questions")
        }
        for (offset, step) in group.enumerated() {
            let label = step.verb.label
            if let label { props.instants[label] = world.clock.now }
            if let absent { stage.notOffered(step.verb.word, absent) }
            stage.trace.write(cell: cell.id) {
                $0.step = StepEvent(
                    index: index + offset, verb: step.verb.word, say: step.say, label: label, begin: begin, end: stage.trace.now,
                    clock: world.clock.offset)
            }
        }
    }

    /// What the steps would have made is not there.
    private func lack(_ group: [Step], _ why: String, _ props: inout Props) {
        for case let name? in group.map(\.verb.makes) { props.absent[name] = why }
    }

    /// The same where the subject cannot be asked to: perhaps the story is another one from then on.
    private func leave(_ group: [Step], _ why: String, _ props: inout Props) {
        if Applicability.turns(group[0].verb) { props.ended = why }
        lack(group, why, &props)
    }

    /// Why a step is not taken: the scheme has no such verb, the subject does not offer it, or what it is about is not there.
    private func absence(of verb: Verb, _ props: Props) -> String? {
        if case .probe(let probe) = verb, probe.over == .resumedSession, let kept = probe.connection.flatMap({ props.kept[$0] }),
            !kept.resumes
        {
            return "the server resumes no TLS session"
        }
        return cell.scheme.notOffered[verb.word] ?? cell.applicability.gap(of: verb) ?? verb.uses.compactMap { props.absent[$0] }.first
    }

    func find(_ name: String, _ props: Props) throws -> Credential {
        guard let credential = props.credentials[name] else { throw BedError("no credential is named \(name)") }
        return credential
    }

    /// Only where a list has changed: servers are wont to end connections when they read their files again, and nothing would be learnt
    /// of those that stay open.
    private func reloadLists() { if cell.scheme.readsLists { stage.reload() } }

    private func act(_ verb: Verb, _ props: inout Props) async throws {
        switch verb {
        case .issue(let name, _, let predecessor, let lifetime, let scopes):
            if predecessor != nil, props.commandsBefore == nil { props.commandsBefore = world.commands }
            let isFirst = props.credentials.isEmpty
            var credential = try await stage.office.issue(
                name, succeeding: try predecessor.map { try find($0, props) }, lifetime: lifetime, scopes: scopes ?? Self.allScopes)
            credential.session = await stage.maker.session(for: credential, url: world.serverURL, with: stage.probe(for: credential))
            props.credentials[name] = credential
            if isFirst { tell(Effort(world: world, caller: credential)) }
            if credential.expiry.isFinite {
                stage.fact("\(name).expiry", credential.expiry - stage.trace.startedAt, unit: "s")
                stage.fact("\(name).lifetime", credential.lifetime, unit: "s")
            }
        case .retire(let name, _):
            try await stage.office.retire(try find(name, props))
            reloadLists()
        case .revoke(let name, _, .allowList):
            guard let list = world.allowList else { throw BedError("no list of names could be replaced") }
            world.countCommand()
            try list.remove(try find(name, props).principal)
            stage.reload()
        case .revoke(let name, _, nil):
            try await stage.office.revoke(try find(name, props))
            reloadLists()
        case .switch(let load, let to, _, let seconds):
            guard let traffic = props.traffic[load] as? TrafficRunner else {
                throw BedError("no traffic that could switch is named \(load)")
            }
            await traffic.move(to: try find(to, props), spreadOver: seconds)
        case .renew(let what, _, let overlap):
            try await Renewal(stage: stage).run(what, overlap: overlap, as: props.credentials.values.first)
        case .connect(let label, let with, let route, let listener):
            try await connect(label, try find(with, props), route, listener, &props)
        case .call(let label, let with, let channel, let connection, let tool, let times, let by, let processes):
            if by == .client {
                try await callByClients(label, with, tool, times, processes ?? 1, &props)
            } else {
                try await call(label, with, channel, connection, tool, times, &props)
            }
        case .probe: break
        case .load(let label, let with, let rate, let connections, let carrier):
            let credential = try find(with, props)
            let traffic: any Traffic =
                carrier == .stream
                ? StreamRunner(label: label, credential: credential, rate: rate, url: world.serverURL, ca: world.pki.ca, maker: stage.maker)
                : TrafficRunner(
                    label: label, credential: credential, rate: rate, connections: connections,
                    isFresh: carrier == .newConnections, url: world.serverURL, ca: world.pki.ca, maker: stage.maker)
            props.traffic[label] = traffic
            try await traffic.start()
        case .stop(let load, let after):
            let traffic = props.traffic.removeValue(forKey: load)
            if let after { await traffic?.awaitEnd(for: after) }
            await traffic?.stop()
        case .hold(_, let seconds): try await Task.sleep(for: .seconds(seconds))
        case .clock(_, let move, let to, _):
            if let move { try world.clock.set(offset: world.clock.offset + move) }
            if let to { try world.clock.set(to: try time(of: to, props)) }
        case .replay(let label, let of, let what, _, let times, _) where what.isForTheIssuer:
            try await IssuerReplayer(stage: stage).run(label, of: try find(of, props), what: what, times: times)
        case .replay(let label, let of, let what, let listener, let times, let by):
            try await Replayer(stage: stage).run(
                label, of: props.kept[of], tap: props.taps[of], what: what, listener: listener, times: times, by: by,
                insider: props.credentials.values.first { $0.name != props.kept[of]?.credential.name })
        case .fault(_, .issuerStopped, _):
            await stage.processes.stop(role: Subject.Role.issuer.rawValue, holding: world.issuerPort)
        case .fault(_, .issuerAnswers503, let times):
            guard let front = world.front else { throw BedError("nothing stands before the issuer that could answer for it") }
            front.fail(try await world.issuerEndpoint("token_endpoint"), times: times ?? 1)
        case .fault(_, .responderStopped, _):
            guard let responder = world.responder else { throw BedError("there is no responder to stop") }
            responder.stop()
        case .restart(let role, _): try await stage.restart(role)
        case .publish(let publication):
            try world.pki.publish(publication.list, lifetime: publication.lifetime, now: world.clock.now)
        }
    }

    private func tell(_ effort: Effort) {
        let facts = [
            ("configuration-items", effort.configurationItems, "items"), ("processes", effort.processes, "processes"),
            ("long-lived-secrets", effort.longLivedSecrets, "secrets"), ("commands", world.commands, "commands"),
            ("forms", world.forms, "forms"),
        ]
        for (name, count, unit) in facts {
            guard stage.cell.server.isAttached else {
                stage.fact("effort.\(name)", Double(count), unit: unit)
                continue
            }
            // Whoever set it up has done what nobody saw.
            let why = "\(stage.cell.server.id) was not set up by the bed"
            stage.trace.write(cell: stage.cell.id) { $0.notOffered = NotOffered(verb: "check", why: why, check: "effort.\(name)") }
        }
    }

    private func time(of instant: Instant, _ props: Props) throws -> Double {
        if instant.anchor.hasSuffix(".expiry") {
            return try find(String(instant.anchor.dropLast(7)), props).expiry + instant.plus
        }
        guard let time = props.instants[instant.anchor] else { throw BedError("no instant is named \(instant.anchor)") }
        return time + instant.plus
    }

    private func connect(_ label: String, _ credential: Credential, _ route: Verb.Route, _ listener: Verb.Listener, _ props: inout Props)
        async throws
    {
        var url = world.serverURL
        if listener == .plaintext {
            guard let plaintext = world.plaintextURL else {
                stage.notOffered(
                    "plaintext", "without TLS there is no client certificate to show, so this server has no plaintext listener")
                return
            }
            url = plaintext
        }
        var connectTo: String?
        if route == .wiretap {
            guard let port = URL(string: url)?.port else { throw BedError("the server's url has no port") }
            let tap = try await Wiretap.start(to: port)
            props.taps[label] = tap
            connectTo = "127.0.0.1:\(tap.port)"
        }
        var credential = credential
        let probe = stage.probe(for: credential)
        credential.session = await stage.maker.session(for: credential, url: url, connectTo: connectTo, with: probe) ?? credential.session
        let resumer = stage.probe(for: credential)
        var connection = KeptConnection(credential: credential, url: url, connectTo: connectTo, probe: probe, resumer: resumer)
        if route == .direct {
            // The first call over a session saves it, the second shows whether the server goes on with it.
            let resumed = isResumed(label) ? [(resumer, Channel.resumedSession), (resumer, .resumedSession)] : []
            for (ordinal, (probe, channel)) in ([(probe, .kept)] + resumed).enumerated() {
                let event = await stage.maker.call(
                    PlannedCall(
                        set: label, ordinal: ordinal, credential: credential, channelName: ordinal == 0 ? "kept" : "resumed-session",
                        channel: channel, tool: "canary.read", url: url, connectTo: connectTo, keepText: true), with: probe)
                if event.resumed { connection.resumes = true }
            }
        }
        props.kept[label] = connection
    }

    /// Whether a later step resumes the session of that connection.
    private func isResumed(_ label: String) -> Bool {
        cell.scenario.steps.contains {
            if case .probe(let probe) = $0.verb { probe.over == .resumedSession && probe.connection == label } else { false }
        }
    }
}
