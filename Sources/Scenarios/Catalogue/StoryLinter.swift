/// Walks a scenario's steps in order and holds every name against what was defined before.
struct StoryLinter {
    let scenario: Scenario
    let page: Page

    private var credentials: Set<String> = []
    private var labels: Set<String> = []
    private var connections: Set<String> = []
    private var tapped: Set<String> = []
    private var sets: [String: Int] = [:]
    private var callSets: Set<String> = []
    private var probes: [String: Verb.Probe] = [:]
    private var loads: Set<String> = []
    private var found: [SourceError] = []

    init(scenario: Scenario, page: Page) {
        self.scenario = scenario
        self.page = page
    }

    mutating func problems() -> [SourceError] {
        for (index, step) in scenario.steps.enumerated() { walk(step, index) }
        for expectation in scenario.expect { check(expectation) }
        for measure in scenario.measures { check(measure) }
        repeated()
        return found
    }

    private mutating func walk(_ step: Step, _ index: Int) {
        let line = step.line
        switch step.verb {
        case .issue(let credential, _, let succeeds, _, _):
            need(succeeds, in: credentials, "credential", line)
            if !credentials.insert(credential).inserted { fail(credential, line, "credential '\(credential)' is issued twice") }
        case .retire(let credential, _), .revoke(let credential, _, _): need(credential, in: credentials, "credential", line)
        case .switch(let load, let to, _, _):
            need(load, in: loads, "load", line)
            need(to, in: credentials, "credential", line)
        case .stop(let load, _): need(load, in: loads, "load", line)
        case .connect(let label, let with, let through, _):
            need(with, in: credentials, "credential", line)
            connections.insert(label)
            if through == .wiretap { tapped.insert(label) }
        case .call(_, let with, _, let connection, _, _, _, _):
            with.forEach { need($0, in: credentials, "credential", line) }
            need(connection, in: connections, "connection", line)
        case .probe(let probe):
            need(probe.with, in: credentials, "credential", line)
            need(probe.twin, in: credentials, "credential", line)
            need(probe.connection, in: connections, "connection", line)
            need(probe.beside, in: probes.keys, "probe", line)
            probes[probe.label] = probe
        case .load(let label, let with, _, _, _):
            need(with, in: credentials, "credential", line)
            loads.insert(label)
        case .replay(_, let of, let what, _, _, _):
            if what.isForTheIssuer {
                need(of, in: credentials, "credential", line)
            } else {
                need(of, in: tapped, "connection through the wiretap", line)
            }
        case .clock(_, _, let to, _): need(to, line)
        case .hold, .fault, .renew, .restart, .publish: break
        }
        guard let label = step.verb.label else { return }
        // Several calls may make up one set; every other name is one step's.
        let isCall = if case .call = step.verb { true } else { false }
        if isCall, sets[label] != nil, callSets.contains(label) { return }
        if isCall { callSets.insert(label) }
        if !labels.insert(label).inserted { fail(label, line, "'\(label)' is already the name of an earlier step") }
        if step.verb.makesCalls { sets[label] = index }
    }

    private mutating func check(_ expectation: Expectation) {
        let line = expectation.line
        if expectation.bites.isEmpty {
            fail(expectation.check, line, "check '\(expectation.check)' has no 'bites': nothing shows that it bites")
        }
        (expectation.onlyFor ?? []).forEach { need($0, in: scenario.schemes, "scheme of this scenario", line) }
        switch expectation.form {
        case .accepted(let calls, let from, let to), .never(_, let calls, let from, let to):
            needSet(calls, line)
            need(from, line)
            need(to, line)
        case .refused(let calls, let twin, _, let from, let to):
            needSet(calls, line)
            if let twin { needSet(twin, line) }
            need(from, line)
            need(to, line)
            if twin == nil, !hasTwin(calls) {
                fail(
                    expectation.check, line,
                    "a refusal proves nothing without a twin: name one, give the probe one, or expect '\(calls)' accepted before")
            }
        case .count(let of, _, _, _, _):
            if case .calls(let calls, _) = of { needSet(calls, line) }
        case .window(let calls, let twin, let from, _, _):
            needSet(calls, line)
            if let twin { needSet(twin, line) }
            need(from, line)
        }
    }

    private mutating func check(_ measure: Measure) {
        (measure.onlyFor ?? []).forEach { need($0, in: scenario.schemes, "scheme of this scenario", measure.line) }
        switch measure.form {
        case .window(let calls, let from):
            needSet(calls, measure.line)
            need(from, measure.line)
        case .count(let calls, _, let from, let to):
            needSet(calls, measure.line)
            need(from, measure.line)
            need(to, measure.line)
        case .fact: break
        }
    }

    /// A probe's own twin, that of the probe it runs beside, or the same calls expected accepted before.
    private func hasTwin(_ calls: String) -> Bool {
        if let probe = probes[calls], probe.twin != nil || probe.beside.flatMap({ probes[$0]?.twin }) != nil { return true }
        return scenario.expect.contains {
            if case .accepted(let others, _, _) = $0.form { others == calls } else { false }
        }
    }

    /// A check or a measure twice in one scheme could not be told apart in the results.
    private mutating func repeated() {
        var seen: Set<String> = []
        let checks = scenario.decisions.map { (name: $0.id, kind: "check", schemes: $0.schemes, line: $0.line) }
        let measures = scenario.measures.map { (name: $0.name, kind: "measure", schemes: $0.onlyFor ?? scenario.schemes, line: $0.line) }
        for item in checks + measures {
            let again = item.schemes.filter { !seen.insert("\(item.kind) \(item.name) \($0)").inserted }
            if let scheme = again.first { fail(item.name, item.line, "\(item.kind) '\(item.name)' stands twice for the scheme \(scheme)") }
        }
    }

    private mutating func needSet(_ calls: String, _ line: Int) {
        let base = calls.hasSuffix(".twin") ? String(calls.dropLast(5)) : calls
        need(base, in: sets.keys, "set of calls", line)
        if base != calls, let probe = probes[base], probe.twin == nil { fail(calls, line, "the probe '\(base)' has no twin") }
    }

    private mutating func need(_ instant: Instant?, _ line: Int) {
        guard let anchor = instant?.anchor, !["start", "end", "first-refused"].contains(anchor) else { return }
        if anchor.hasSuffix(".expiry") {
            need(String(anchor.dropLast(7)), in: credentials, "credential", line)
        } else {
            need(anchor, in: labels, "step named so", line)
        }
    }

    private mutating func need(_ name: String?, in known: some Collection<String>, _ what: String, _ line: Int) {
        guard let name, !known.contains(name) else { return }
        fail(name, line, "no \(what) '\(name)' before this\(Suggestion.phrase(for: name, among: known))")
    }

    private mutating func fail(_ word: String, _ line: Int, _ message: String) {
        found.append(page.error(at: word, from: line, message))
    }
}
