package import Scenarios

/// One scenario in one scheme, as a place where defects show.
package struct ProofPlace: Sendable {
    package var scenario: Scenario
    package var scheme: Scheme

    package init(_ scenario: Scenario, _ scheme: Scheme) {
        self.scenario = scenario
        self.scheme = scheme
    }

    /// That of the cell.
    package var id: String { "\(scenario.id)@\(scheme.id)" }

    /// What can be played of it by itself: the cases of a battery, by their checks; a story is one part.
    package var parts: [String] {
        guard let battery = scenario.battery else { return [Self.story] }
        return battery.cases.filter { $0.schemes?.contains(scheme.id) ?? true }.map(\.check)
    }

    private static let story = "story"

    /// The checks decided in it, as `CHECK@SCHEME`.
    package var decided: [String] {
        scenario.decisions.filter { $0.schemes.contains(scheme.id) }.map { "\($0.id)@\(scheme.id)" }
    }

    /// Those that a part of it decides.
    package func decided(by part: String) -> [String] { scenario.battery == nil ? decided : ["\(part)@\(scheme.id)"] }

    /// Whether a subject of that role takes part.
    package func plays(_ role: Subject.Role) -> Bool {
        if scenario.world == .clientBench { return role == .client }
        if scenario.world == .issuerBench { return role == .issuer }
        switch role {
        case .server: return true
        case .issuer: return scenario.world == .ensemble && scheme.presents.contains("token")
        case .client: return scenario.steps.contains(where: \.verb.isByClient)
        }
    }
}
