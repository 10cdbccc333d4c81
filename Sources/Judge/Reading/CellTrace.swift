import Scenarios
import Trace

/// A call on the subjects' clock.
struct TimedCall {
    var n: Int
    var call: CallEvent
    /// Seconds on the subjects' clock since the run began.
    var begin: Double { Double(call.begin) / 1e9 + call.clock }
    var end: Double { Double(call.end) / 1e9 + call.clock }
    var accepted: Bool { call.outcome == .accepted }
    var refused: Bool { call.outcome == .refused }
    var dropped: Bool { call.outcome == .dropped }
    /// Refused because nobody could ask the issuer, or the responder, where that was not what was tried: by a server that does not ask,
    /// or on a machine that has too much to do. It says nothing of the credential.
    var isOutage = false
    /// Without an answer to what was asked.
    var isSilent: Bool { dropped && call.status == nil || isOutage }
    /// Dropped because the time was up: by a subject that hangs, or on a machine that has too much to do. Nobody can tell.
    var isTooLate: Bool { dropped && call.face?.hasPrefix(CallEvent.noAnswerInTime) == true }
}

/// One cell's events, arranged for questions.
struct CellTrace {
    let scenario: Scenario
    let scheme: Scheme
    private(set) var start: Int64 = 0
    private(set) var end: Int64 = 0
    /// In the order in which they began, which is not the order of writing: traffic is written when it stops.
    private(set) var calls: [TimedCall] = []
    private(set) var steps: [Int: StepEvent] = [:]
    private(set) var facts: [String: (n: Int, fact: FactEvent)] = [:]
    /// With the step that it is about.
    private(set) var notOffered: [(step: Int?, event: NotOffered)] = []
    /// Why a check cannot be asked of this subject.
    private(set) var absentChecks: [String: String] = [:]
    /// Why the scenario was not played, though it applies.
    private(set) var barred: String?
    /// Why nothing of the scenario can be asked.
    private(set) var absentWhole: String?
    private(set) var fault: BedFault?
    private(set) var complete = false
    /// Processes that ended though nobody asked them to, and when.
    private(set) var deaths: [(n: Int, at: Int64, event: ProcessEvent)] = []
    private var instants: [String: Double] = [:]

    init(started: TraceEvent, scenario: Scenario, scheme: Scheme, events: [TraceEvent]) {
        self.scenario = scenario
        self.scheme = scheme
        start = started.at
        end = started.at
        for event in events {
            end = max(end, event.at)
            if let call = event.call { calls.append(TimedCall(n: event.n, call: call)) }
            if let fact = event.fact { facts[fact.name] = (event.n, fact) }
            if let process = event.process, process.phase == .ended, process.expected == false {
                deaths.append((event.n, event.at, process))
            }
            if let absent = event.notOffered {
                if let check = absent.check { absentChecks[check] = absent.why }
                if absent.verb == NotOffered.firstContact {
                    barred = absent.why
                } else if absent.verb == NotOffered.scenario {
                    absentWhole = absent.why
                } else if absent.check == nil {
                    notOffered.append((nil, absent))
                }
            }
            if let step = event.step { note(step) }
            if let fault = event.fault, self.fault == nil { self.fault = fault }
            if let ended = event.cellEnded { complete = ended.complete }
        }
        calls.sort { ($0.call.begin, $0.n) < ($1.call.begin, $1.n) }
        for index in calls.indices { calls[index].isOutage = isOutage(calls[index].call) }
    }

    /// Whether it was refused for an outage that the scenario did not play.
    private func isOutage(_ call: CallEvent) -> Bool {
        guard call.outcome == .refused, let reason = call.reason.flatMap(ReasonWord.init) else { return false }
        // Without a responder, what a server does not know of a certificate stands in a list, or does not.
        guard reason == .issuerUnreachable || reason == .revocationUnknown && scheme.ocsp != nil else { return false }
        guard let battery = scenario.battery else { return !scenario.playsOutage }
        guard let item = battery.cases.first(where: { $0.check == call.set }), item.expects == .refused, !item.because.isEmpty else {
            return false
        }
        let isAllowed = call.status.map { item.statuses?.contains($0) ?? false } ?? false
        return !isAllowed && !item.because.contains(reason.rawValue)
    }

    /// A step is written after what it did, so what was not offered before it belongs to it.
    private mutating func note(_ step: StepEvent) {
        steps[step.index] = step
        for index in notOffered.indices where notOffered[index].step == nil { notOffered[index].step = step.index }
        if let label = step.label { instants[label] = Double(step.end) / 1e9 + step.clock }
    }

    /// What there is to say of a check that was not played; nil for those that were.
    func absence(of check: String) -> Ruling? {
        if let barred { return .inconclusive(barred) }
        return (absentWhole ?? absentChecks[check]).map(Ruling.notApplicable)
    }

    /// `SET`, or `SET.twin` for the accepted companions.
    func set(_ name: String) -> [TimedCall] {
        let twin = name.hasSuffix(".twin")
        let base = twin ? String(name.dropLast(5)) : name
        return calls.filter { $0.call.set == base && $0.call.twin == twin }
    }

    func expiry(of credential: String) -> Double? { facts["\(credential).expiry"]?.fact.value }

    /// Seconds on the subjects' clock; nil when the trace does not know the instant.
    /// - Parameter calls: the set in question, for `first-refused` and for a promise that ends with the credential.
    func time(of instant: Instant, for calls: [TimedCall]) -> Double? {
        let anchor: Double? =
            switch instant.anchor {
            case "start": -.infinity
            case "end": .infinity
            case "first-refused": calls.filter { $0.refused && !$0.isOutage }.map(\.begin).min()
            case let name where name.hasSuffix(".expiry"): expiry(of: String(name.dropLast(7)))
            default: instants[instant.anchor]
            }
        guard let anchor else { return nil }
        guard instant.plusPromise else { return anchor + instant.plus }
        if let promise = scheme.revocationPromise { return anchor + promise + instant.plus }
        return calls.first.flatMap { expiry(of: $0.call.credential) }.map { $0 + instant.plus }
    }

    /// The calls that began and were answered within the span. A server may judge a call at any moment in between, so one that the end
    /// of the span overtook, as on a machine that has too much to do, could have been judged on either side of it.
    func within(_ calls: [TimedCall], from: Instant?, to: Instant?) -> [TimedCall]? {
        guard let low = from.map({ time(of: $0, for: calls) }) ?? -.infinity else { return nil }
        guard let high = to.map({ time(of: $0, for: calls) }) ?? .infinity else { return nil }
        return calls.filter { $0.begin >= low && $0.end <= high }
    }
}
