import Trace

/// One way in which the trace of a right subject would read if the subject were wrong. The edit is made everywhere at once: each
/// check has calls and facts of its own.
struct TraceEdit: Sendable {
    let name: String
    private let edit: @Sendable (inout [TraceEvent]) -> Void

    private init(_ name: String, _ edit: @escaping @Sendable (inout [TraceEvent]) -> Void) {
        self.name = name
        self.edit = edit
    }

    /// - Returns: The events of one cell as they would read then.
    func callAsFunction(_ events: [TraceEvent]) -> [TraceEvent] {
        var events = events
        edit(&events)
        return events
    }

    static let all: [TraceEdit] = [
        calls("what was refused is accepted", of: .refused) { accept(&$0) },
        calls("what was accepted is refused", of: .accepted) { refuse(&$0) },
        calls("every other call is refused", of: .accepted) { if $0.ordinal % 2 == 1 { refuse(&$0) } },
        calls("refused for another reason", of: .refused) { $0.reason = "not-a-reason" },
        calls("the server fails", of: .refused) { ($0.status, $0.face) = (500, "HTTP 500") },
        calls("an answer that is no refusal", of: .refused) { ($0.status, $0.face) = (200, "HTTP 200 without a result") },
        calls("no challenge, and no fields", of: .refused) { ($0.challenge, $0.fields, $0.error) = (nil, [:], "another_error") },
        calls("an answer that repeats the credential", of: nil) { $0.echoed = "a part of the credential" },
        calls("an answer with something amiss", of: nil) { $0.amiss = "not what was asked for" },
        calls("an answer that may be kept", of: nil) { $0.fields?["cache-control"] = "max-age=600" },
        calls("each answer another one", of: .refused) { $0.fingerprint = "\($0.ordinal)" },
        calls("an old certificate", of: nil) { $0.newestCertificate = false },
        lastRefusal("the last refusal comes never") { call in
            accept(&call)
            call.clock += 3 * 365 * 86_400
        },
        firstAcceptance("the first call is refused") { refuse(&$0) },
        lastAcceptance("somebody is turned away in the end") { refuse(&$0) },
        facts("a thousand more than there were") { $0 + 1000 },
        facts("none of what there was") { _ in 0 },
        facts("one less than there were") { $0 - 1 },
    ]

    private static func accept(_ call: inout CallEvent) {
        (call.outcome, call.status, call.face, call.reason, call.reasonSource) = (.accepted, 200, "HTTP 200", nil, nil)
    }

    private static func refuse(_ call: inout CallEvent) {
        (call.outcome, call.status, call.face, call.reason) = (.refused, 401, "HTTP 401", "unknown")
    }

    /// Every call that is not a control and not the bed's own first look, of one outcome or of any.
    private static func calls(
        _ name: String, of outcome: CallEvent.Outcome?, _ change: @escaping @Sendable (inout CallEvent) -> Void
    ) -> TraceEdit {
        TraceEdit(name) { events in
            for index in events.indices {
                guard var call = events[index].call, !call.twin, call.set != "smoke", outcome == nil || call.outcome == outcome else {
                    continue
                }
                change(&call)
                events[index].call = call
            }
        }
    }

    private static func lastRefusal(_ name: String, _ change: @escaping @Sendable (inout CallEvent) -> Void) -> TraceEdit {
        one(name, .refused, { $0.last }, change)
    }

    private static func firstAcceptance(_ name: String, _ change: @escaping @Sendable (inout CallEvent) -> Void) -> TraceEdit {
        one(name, .accepted, { $0.first }, change)
    }

    private static func lastAcceptance(_ name: String, _ change: @escaping @Sendable (inout CallEvent) -> Void) -> TraceEdit {
        one(name, .accepted, { $0.last }, change)
    }

    /// One call of each set.
    private static func one(
        _ name: String, _ outcome: CallEvent.Outcome, _ choose: @escaping @Sendable ([Int]) -> Int?,
        _ change: @escaping @Sendable (inout CallEvent) -> Void
    ) -> TraceEdit {
        TraceEdit(name) { events in
            let indices = events.indices.filter { events[$0].call?.outcome == outcome && events[$0].call?.twin == false }
            for (_, indices) in Dictionary(grouping: indices, by: { events[$0].call?.set }) {
                guard let index = choose(indices), var call = events[index].call else { continue }
                change(&call)
                events[index].call = call
            }
        }
    }

    private static func facts(_ name: String, _ change: @escaping @Sendable (Double) -> Double) -> TraceEdit {
        TraceEdit(name) { events in
            for index in events.indices where events[index].fact.map({ !isAnchor($0.name) }) ?? false {
                if let value = events[index].fact?.value { events[index].fact?.value = change(value) }
            }
        }
    }

    /// What other facts and calls are compared with.
    private static func isAnchor(_ name: String) -> Bool { name.hasSuffix(".expiry") || name.hasSuffix(".lifetime") }
}
