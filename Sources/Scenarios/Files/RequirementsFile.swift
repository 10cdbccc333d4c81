import Yams

/// Reads one file of `requirements/`: a list of rules.
package enum RequirementsFile {
    /// - Throws: every mistake of the file, each with its place.
    package static func read(_ text: String, file: String) throws(SourceErrors) -> [Requirement] {
        let (reader, root) = SourceReader.compose(text, file: file)
        return try reader.result(root.flatMap { reader.list($0, "checks") { requirement($0, reader) } })
    }

    private static func requirement(_ node: Node, _ reader: SourceReader) -> Requirement? {
        guard let fields = Fields(node, "a check", reader) else { return nil }
        defer { fields.end() }
        let id = reader.checkID(fields.required("id"))
        let role = reader.word(fields.required("role"), as: Subject.Role.self)
        let level = reader.word(fields.required("level"), as: Requirement.Level.self)
        let clause = reader.prose(fields.required("clause"))
        let rule = reader.prose(fields.required("rule"))
        let why = reader.prose(fields.required("why"))
        let covers = reader.oneOrMore(fields.optional("covers"), "rules of the catalogue") { reader.ruleID($0) } ?? []
        let needs = reader.oneOrMore(fields.optional("needs"), "capabilities") { reader.word($0, as: Capability.self) } ?? []
        guard let id, let role, let level, let clause, let rule, let why else { return nil }
        return Requirement(
            id: id, role: role, level: level, clause: clause, rule: rule, why: why, covers: covers, needs: needs, file: reader.file,
            line: node.mark?.line ?? 0)
    }
}
