package import Scenarios
package import Trace

/// One scenario in one scheme: what to run, and with which subjects.
package struct Cell: Sendable {
    package var scenario: Scenario
    package var scheme: Scheme
    package var era: String
    package var server: Subject
    package var issuer: Subject
    package var client: Subject
    /// What a check needs of a server beyond what the scenario shows by itself, by its id.
    package var needs: [String: [Capability]] = [:]
    package var barred: Barred?
    /// Of a battery, the checks whose cases are played, in a world that is set up for all of them; nil for every case.
    package var cases: Set<String>?
    /// Whether a case ends with the first stimulus that is accepted and must not be: its verdict stands then, and only who wants to read
    /// of every one needs the others.
    package var endsCasesOnceBroken = false

    package init(scenario: Scenario, scheme: Scheme, era: String, server: Subject, issuer: Subject, client: Subject) {
        self.scenario = scenario
        self.scheme = scheme
        self.era = era
        self.server = server
        self.issuer = issuer
        self.client = client
    }

    package var id: String { "\(scenario.id)@\(scheme.id)" }

    /// The scenario without the cases that are left out.
    var played: Scenario {
        guard let cases else { return scenario }
        var played = scenario
        played.battery?.cases.removeAll { !cases.contains($0.check) }
        return played
    }

    /// Whether nothing more need be sent for a case, after that.
    package func isSettled(_ item: Battery.Case, by outcomes: some Sequence<CallEvent.Outcome>) -> Bool {
        endsCasesOnceBroken && item.expects == .refused && outcomes.contains(.accepted)
    }

    /// Why it is not worth playing: what came of the first contact with the server, in this scheme.
    package enum Barred: Sendable, Hashable {
        /// The server could not be judged.
        case unfit(String)
        /// It did not start, or ended.
        case fault(String)
    }

    /// Why nothing of the scenario can be asked of the server; nil where something can.
    package var gap: String? { applicability.gap }

    var applicability: Applicability {
        Applicability(server: server, client: client, issuer: issuer, scheme: scheme, scenario: scenario, era: era)
    }
}
