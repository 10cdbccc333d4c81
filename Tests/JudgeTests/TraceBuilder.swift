import Foundation
import Scenarios
import Trace

/// Writes a trace by hand: one cell of a scenario in a scheme, with the times and outcomes a test wants.
struct TraceBuilder {
    var scenario: Scenario
    var scheme: Scheme
    private(set) var events: [TraceEvent] = []
    private var id: String { "\(scenario.id)@\(scheme.id)" }

    init(_ scenario: String, _ scheme: Scheme = .keys) throws {
        self.scenario = try ScenarioFile.read(scenario, id: "family/x", file: "x.yaml")
        self.scheme = scheme
        add(0) {
            $0.run = RunStarted(
                authbed: "1.0", startedAt: "2026-11-22T10:00:00Z", era: "2026-07-28", commandLine: ["authbed"], machine: "m",
                subjects: ["server": "ours"])
        }
        let started = CellStarted(
            scenario: self.scenario.id, scheme: scheme.id, scenarioJSON: try self.scenario.json(), schemeJSON: try scheme.json())
        add(0, cell: id) { $0.cellStarted = started }
    }

    private mutating func add(_ milliseconds: Int, cell: String? = nil, _ fill: (inout TraceEvent) -> Void) {
        var event = TraceEvent(n: events.count + 1, at: Int64(milliseconds) * 1_000_000, cell: cell)
        fill(&event)
        events.append(event)
    }

    /// A step that ended then; times are milliseconds since the run began, the clock's lead is in seconds.
    mutating func step(_ index: Int, at end: Int, clock: Double = 0) {
        let step = scenario.battery == nil ? scenario.steps[index] : nil
        let label = step?.verb.label ?? scenario.battery?.cases[index].check
        add(end, cell: id) {
            $0.step = StepEvent(
                index: index, verb: step?.verb.word ?? "case", say: step?.say, label: label, begin: Int64(end - 1) * 1_000_000,
                end: Int64(end) * 1_000_000, clock: clock)
        }
    }

    mutating func call(
        _ set: String, _ outcome: CallEvent.Outcome, at begin: Int, by credential: String = "alice", twin: Bool = false,
        reason: String? = nil, status: Int? = nil, face: String? = nil, clock: Double = 0
    ) {
        var call = CallEvent(
            set: set, ordinal: 0, credential: credential, twin: twin, channel: "new-connection", tool: "canary.read",
            begin: Int64(begin) * 1_000_000, end: Int64(begin + 1) * 1_000_000, clock: clock, outcome: outcome, newConnection: true,
            resumed: false)
        call.reason = reason
        call.status = status ?? (outcome == .accepted ? 200 : outcome == .refused && face == nil ? 401 : nil)
        call.face = face ?? call.status.map { "HTTP \($0)" }
        add(begin + 1, cell: id) { $0.call = call }
    }

    mutating func fact(_ name: String, _ value: Double, unit: String = "s") {
        add(1, cell: id) { $0.fact = FactEvent(name: name, value: value, unit: unit) }
    }

    mutating func notOffered(_ verb: String, _ why: String, check: String? = nil) {
        add(1, cell: id) { $0.notOffered = NotOffered(verb: verb, why: why, check: check) }
    }

    /// A process that ended though nobody asked it to.
    mutating func ended(_ role: String, at milliseconds: Int) {
        var process = ProcessEvent(phase: .ended, role: role, pid: 7)
        (process.status, process.expected) = ("killed by signal 6", false)
        add(milliseconds, cell: id) { $0.process = process }
    }

    mutating func fault(_ message: String) { add(1, cell: id) { $0.fault = BedFault(message: message, lastLines: ["last words"]) } }

    mutating func end(at milliseconds: Int = 1000, complete: Bool = true) {
        add(milliseconds, cell: id) { $0.cellEnded = CellEnded(complete: complete) }
        add(milliseconds) { $0.runEnded = RunEnded(cells: 1, interrupted: false) }
    }

    /// Changes the calls that a test picks, as somebody who edits a trace would.
    mutating func edit(_ pick: (CallEvent) -> Bool, change: (inout CallEvent) -> Void) {
        for index in events.indices {
            guard var call = events[index].call, pick(call) else { continue }
            change(&call)
            events[index].call = call
        }
    }

    /// Takes lines out and numbers the rest anew.
    mutating func drop(_ pick: (TraceEvent) -> Bool) {
        events.removeAll(where: pick)
        for index in events.indices { events[index].n = index + 1 }
    }

    func text() throws -> String {
        let encoder = JSONEncoder()
        return try events.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }.joined()
    }
}

extension Scheme {
    static let keys = Scheme(
        id: "api-key", title: "Keys", presents: ["api-key"], server: "api-key", lifetime: 7_776_000, revocationPromise: 1, notOffered: [:],
        refusalStatuses: [401], refusalInTransport: false)
    static let tokens = Scheme(
        id: "oauth-jwt", title: "Tokens", presents: ["token"], server: "oauth-jwt", lifetime: 3600, revocationPromise: nil, notOffered: [:],
        refusalStatuses: [401], refusalInTransport: false)
    static let certificates = Scheme(
        id: "mtls", title: "Certificates", presents: ["certificate"], server: "mtls", lifetime: 31_536_000, revocationPromise: nil,
        notOffered: [:], refusalStatuses: [401, 403], refusalInTransport: true)
}
