extension Verb {
    /// The verb as files write it.
    package var word: String {
        switch self {
        case .issue: "issue"
        case .retire: "retire"
        case .revoke: "revoke"
        case .switch: "switch"
        case .renew: "renew"
        case .connect: "connect"
        case .call: "call"
        case .probe: "probe"
        case .load: "load"
        case .stop: "stop"
        case .hold: "hold"
        case .clock: "clock"
        case .replay: "replay"
        case .fault: "fault"
        case .restart: "restart"
        case .publish: "publish"
        }
    }

    /// Every verb there is, in the order of the design.
    package static let words = [
        "issue", "switch", "retire", "revoke", "renew", "connect", "call", "probe", "load", "stop", "hold", "replay", "fault", "clock",
        "restart", "publish",
    ]

    /// The name it gives to an instant, a connection or a set of calls.
    package var label: String? {
        switch self {
        case .issue(_, let label, _, _, _), .retire(_, let label), .revoke(_, let label, _), .switch(_, _, let label, _),
            .renew(_, let label, _), .hold(let label, _), .clock(let label, _, _, _), .fault(let label, _, _), .restart(_, let label):
            label
        case .connect(let label, _, _, _), .load(let label, _, _, _, _), .replay(let label, _, _, _, _, _): label
        case .call(let label, _, _, _, _, _, _, _): label
        case .probe(let probe): probe.label
        case .publish(let publication): publication.label
        case .stop: nil
        }
    }

    /// Whether its label names a set of calls.
    package var makesCalls: Bool {
        switch self {
        case .call, .probe, .load, .replay: true
        default: false
        }
    }

    /// Whether the client under test is who calls.
    package var isByClient: Bool { if case .call(_, _, _, _, _, _, .client, _) = self { true } else { false } }

    /// Whether it moves the subjects' clock.
    var movesClock: Bool {
        switch self {
        case .clock: true
        case .probe(let probe): probe.leap || probe.aroundExpiry != nil
        default: false
        }
    }
}
