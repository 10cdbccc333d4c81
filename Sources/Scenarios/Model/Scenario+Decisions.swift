/// A check that a scenario decides, wherever it stands in the file.
package struct Decision: Sendable, Hashable {
    package var id: String
    package var bites: [String]
    /// The schemes in which it is decided.
    package var schemes: [String]
    package var line: Int

    package init(id: String, bites: [String], schemes: [String], line: Int) {
        self.id = id
        self.bites = bites
        self.schemes = schemes
        self.line = line
    }
}

extension Scenario {
    /// Whether somebody is out of reach for a time, on purpose, whom a server asks: the issuer, or the responder.
    package var playsOutage: Bool {
        steps.contains { if case .fault = $0.verb { true } else { false } }
    }

    /// The schemes in which it is played with those, of the schemes that are chosen.
    ///
    /// An issuer that stands alone is asked the same in each of its schemes, and so is a client. Once is enough: in the first that it offers;
    /// where it offers none, in the first of all, which then says so.
    package func schemes(with issuer: Subject, _ client: Subject, where isChosen: (String) -> Bool = { _ in true }) -> [String] {
        let chosen = schemes.filter(isChosen)
        let alone: Subject
        switch world {
        case .issuerBench: alone = issuer
        case .clientBench: alone = client
        case .ensemble, .bench: return chosen
        }
        return (chosen.first(where: alone.schemes.contains) ?? chosen.first).map { [$0] } ?? []
    }

    /// Every check it decides, of the story or of the battery.
    package var decisions: [Decision] {
        expect.map { Decision(id: $0.check, bites: $0.bites, schemes: $0.onlyFor ?? schemes, line: $0.line) }
            + (battery?.cases ?? []).map { Decision(id: $0.check, bites: $0.bites, schemes: $0.schemes ?? schemes, line: $0.line) }
    }
}
