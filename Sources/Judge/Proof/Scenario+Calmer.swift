package import Scenarios

extension Scenario {
    /// What no load is above while checks are being proven, in calls a second.
    private static let calm = 50.0
    /// How often something is sent again.
    private static let often = 3

    /// At how many moments it is looked, at most. Where somebody must be refused within a second or two, the last look is behind the
    /// promise; where the clock leaps to that, a few before will do.
    private static func looks(_ probe: Verb.Probe) -> Double { probe.untilRefused ? (probe.atMost < 1 ? 3 : 6) : 30 }

    /// The same with no load above 50 a second, and with fewer looks at what stays as it is and fewer replays.
    ///
    /// What a load shows of a subject that is wrong it shows at any rate, and there dozens of loads share the machine; `run` plays the
    /// whole one. With the rate goes the number of connections, one of which is opened by each of the first calls: before anything
    /// happens to the server all of them are open, here as there. How narrow a window is found to be, that
    /// something works twenty times, or how long before its end a credential still counts, is nothing that a proof asks: of the seconds
    /// around an expiry two on each side are looked at.
    package var calmer: Scenario {
        var scenario = self
        for index in steps.indices {
            switch steps[index].verb {
            case .load(let label, let credential, let rate, let connections, let carrier) where rate > Self.calm:
                scenario.steps[index].verb = .load(
                    as: label, with: credential, rate: Self.calm, connections: max(1, Int(Double(connections) * Self.calm / rate)),
                    over: carrier)
            case .probe(var probe) where probe.aroundExpiry == nil:
                // Who waits to be accepted holds up everything behind.
                probe.every = max(probe.every, probe.atMost / Self.looks(probe))
                scenario.steps[index].verb = .probe(probe)
            case .probe(var probe):
                probe.aroundExpiry = probe.aroundExpiry.map { min($0, 2) }
                scenario.steps[index].verb = .probe(probe)
            case .replay(let label, let recorded, let what, let listener, let times, let attacker) where times > Self.often:
                scenario.steps[index].verb = .replay(
                    as: label, of: recorded, what: what, listener: listener, times: Self.often, by: attacker)
            default: break
            }
        }
        return scenario
    }
}
