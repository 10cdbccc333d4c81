import Yams

/// Reads `requirements/catalogue.yaml`: the rules by role, those without a check with what became of them.
enum CatalogueRulesFile {
    static let name = "requirements/catalogue.yaml"

    /// - Throws: every mistake of the file, each with its place.
    static func read(_ text: String) throws(SourceErrors) -> [CatalogueRule] {
        let (reader, root) = SourceReader.compose(text, file: name)
        return try reader.result(root.flatMap { rules($0, reader) })
    }

    private static func rules(_ root: Node, _ reader: SourceReader) -> [CatalogueRule]? {
        guard let fields = Fields(root, "the catalogue", reader) else { return nil }
        defer { fields.end() }
        return Subject.Role.allCases.flatMap { role in
            reader.list(fields.optional(role.rawValue), "rules") { rule($0, role, reader) } ?? []
        }
    }

    private static func rule(_ node: Node, _ role: Subject.Role, _ reader: SourceReader) -> CatalogueRule? {
        let line = node.mark?.line ?? 0
        if case .scalar = node { return reader.ruleID(node).map { CatalogueRule(id: $0, role: role, instead: nil, line: line) } }
        guard let fields = Fields(node, "a rule", reader) else { return nil }
        defer { fields.end() }
        let id = reader.ruleID(fields.required("id"))
        let instead = reader.prose(fields.required("instead"))
        guard let id, let instead else { return nil }
        return CatalogueRule(id: id, role: role, instead: instead, line: line)
    }
}
