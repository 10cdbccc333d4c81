package import Scenarios

extension Scenario {
    /// What no load is above while checks are being proven, in calls a second.
    private static let calm = 50.0

    /// The same with no load above 50 a second. What a load shows of a subject that is wrong it shows at any rate, and there dozens of
    /// loads share the machine; `run` plays the whole one. With the rate goes the number of connections, one of which is opened by each
    /// of the first calls: before anything happens to the server all of them are open, here as there.
    package var calmer: Scenario {
        var scenario = self
        for index in steps.indices {
            if case .load(let label, let credential, let rate, let connections, let carrier) = steps[index].verb, rate > Self.calm {
                scenario.steps[index].verb = .load(
                    as: label, with: credential, rate: Self.calm, connections: max(1, Int(Double(connections) * Self.calm / rate)),
                    over: carrier)
            }
        }
        return scenario
    }
}
