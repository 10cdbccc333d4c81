/// A rule, by whom it is required, and why: one entry of `requirements/checks.yaml`.
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
    package var line: Int

    package init(id: String, role: Subject.Role, level: Level, clause: String, rule: String, why: String, line: Int) {
        self.id = id
        self.role = role
        self.level = level
        self.clause = clause
        self.rule = rule
        self.why = why
        self.line = line
    }
}
