package import Scenarios
package import Trace

/// One cell of a trace for those who show it: its steps and calls on the subjects' clock.
package struct CellEvidence: Sendable {
    /// A call, and its times in seconds on the subjects' clock since the run began.
    package struct Call: Sendable {
        /// The event's number in the trace.
        package var n: Int
        package var event: CallEvent
        package var begin: Double
        package var end: Double
    }

    package let scenario: Scenario
    package let scheme: Scheme
    /// In the order in which they began.
    package let calls: [Call]
    /// In the order of the scenario; steps that were not reached are missing.
    package let steps: [StepEvent]
    /// When the cell began, in seconds since the run did.
    package let start: Double

    private let cell: CellTrace

    /// Every cell of the trace, by its id.
    /// - Throws: `TraceError` when an embedded scenario or scheme cannot be read.
    package static func all(in trace: RecordedRun) throws(TraceError) -> [String: CellEvidence] {
        let byCell = Dictionary(grouping: trace.events.filter { $0.cell != nil }) { $0.cell ?? "" }
        var found: [String: CellEvidence] = [:]
        for event in trace.events {
            guard let id = event.cell, let started = event.cellStarted else { continue }
            do {
                let scenario = try Scenario(json: started.scenarioJSON), scheme = try Scheme(json: started.schemeJSON)
                found[id] = CellEvidence(CellTrace(started: event, scenario: scenario, scheme: scheme, events: byCell[id] ?? []))
            } catch {
                throw TraceError(line: event.n, message: "the scenario or the scheme of \(id) cannot be read")
            }
        }
        return found
    }

    private init(_ cell: CellTrace) {
        self.cell = cell
        scenario = cell.scenario
        scheme = cell.scheme
        calls = cell.calls.map(Self.call)
        steps = cell.steps.values.sorted { $0.index < $1.index }
        start = Double(cell.start) / 1e9
    }

    /// `SET`, or `SET.twin` for the accepted companions.
    package func calls(of set: String) -> [Call] { cell.set(set).map(Self.call) }

    /// Seconds on the subjects' clock since the run began; nil when the trace does not know the instant.
    package func time(of instant: Instant, for set: String) -> Double? { cell.time(of: instant, for: cell.set(set)) }

    /// Why the step was not done; nil for one that was.
    package func absence(of step: StepEvent) -> String? { cell.notOffered.first { $0.step == step.index }?.event.why }

    package func expiry(of credential: String) -> Double? { cell.expiry(of: credential) }

    private static func call(_ call: TimedCall) -> Call { Call(n: call.n, event: call.call, begin: call.begin, end: call.end) }
}
