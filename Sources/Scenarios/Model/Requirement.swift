/// A rule, by whom it is required, and why: one entry of a file in `requirements/`.
package struct Requirement: Sendable, Codable, Hashable {
    package enum Level: String, Sendable, Codable, CaseIterable {
        /// Broken, the verdict is `fail`.
        case must = "MUST"
        /// Broken, the verdict is `warn`.
        case should = "SHOULD"
        /// What the article says; held or not, it is `recorded`.
        case article
    }

    /// The check's id.
    package var id: String
    package var role: Subject.Role
    package var level: Level
    /// Where it is written, such as `RFC 9068 §4`.
    package var clause: String
    /// What must be so, in one sentence.
    package var rule: String
    /// What goes wrong otherwise, in one sentence.
    package var why: String
    /// What it is called in the catalogue of checks that the suite began with; several where it is one rule.
    package var covers: [String]
    /// What an implementation must have for the rule to be about it, beyond what the scenario shows by itself.
    package var needs: [Capability]
    /// The file it stands in, and the line.
    package var file: String
    package var line: Int

    package init(
        id: String, role: Subject.Role, level: Level, clause: String, rule: String, why: String, covers: [String] = [],
        needs: [Capability] = [],
        file: String = "requirements/checks.yaml", line: Int
    ) {
        self.id = id
        self.role = role
        self.level = level
        self.clause = clause
        self.rule = rule
        self.why = why
        self.covers = covers
        self.needs = needs
        self.file = file
        self.line = line
    }
}
