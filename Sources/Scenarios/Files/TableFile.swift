import Yams

/// Reads `requirements/table.yaml`: the rows of the comparison table, and the article's claims.
package enum TableFile {
    /// - Throws: every mistake of the file, each with its place.
    package static func read(_ text: String, file: String) throws(SourceErrors) -> TableDefinition {
        let (reader, root) = SourceReader.compose(text, file: file)
        return try reader.result(root.flatMap { TableReader(reader: reader).table($0) })
    }
}

private struct TableReader {
    let reader: SourceReader

    func table(_ root: Node) -> TableDefinition? {
        guard let fields = Fields(root, "the table", reader) else { return nil }
        defer { fields.end() }
        let families = reader.list(fields.required("families"), "families", family)
        let brief = fields.optional("brief").flatMap(brief)
        let rows = reader.list(fields.required("rows"), "rows", row)
        guard let families, let rows else { return nil }
        return TableDefinition(families: families, brief: brief, rows: rows)
    }

    private func brief(_ node: Node) -> TableDefinition.Brief? {
        guard let fields = Fields(node, "what is shown in brief", reader) else { return nil }
        defer { fields.end() }
        let schemes = reader.oneOrMore(fields.required("schemes"), "schemes") { reader.label($0) }
        let rows = reader.oneOrMore(fields.required("rows"), "rows") { reader.label($0) }
        guard let schemes, let rows else { return nil }
        return TableDefinition.Brief(schemes: schemes, rows: rows)
    }

    private func family(_ node: Node) -> TableDefinition.Family? {
        guard let fields = Fields(node, "a family", reader) else { return nil }
        defer { fields.end() }
        let id = reader.label(fields.required("id"))
        let title = reader.prose(fields.required("title"))
        let schemes = reader.oneOrMore(fields.required("schemes"), "schemes") { reader.label($0) }
        guard let id, let title, let schemes else { return nil }
        return TableDefinition.Family(id: id, title: title, schemes: schemes)
    }

    private func row(_ node: Node) -> TableDefinition.Row? {
        guard let fields = Fields(node, "a row", reader) else { return nil }
        defer { fields.end() }
        let id = reader.label(fields.required("id"))
        let title = reader.prose(fields.required("title"))
        let factor = reader.prose(fields.optional("factor"))
        let about = reader.prose(fields.optional("about"))
        let elsewhere = reader.prose(fields.optional("elsewhere"))
        let elsewhereFor = reader.oneOrMore(fields.optional("elsewhere-for"), "schemes") { reader.label($0) }
        let cells = reader.list(fields.required("cells"), "cells", template)
        let claims = reader.list(fields.required("claims"), "claims", claim)
        guard let id, let title, let cells, let claims else { return nil }
        return TableDefinition.Row(
            id: id, title: title, factor: factor, about: about, elsewhere: elsewhere, elsewhereFor: elsewhereFor, cells: cells,
            claims: claims,
            line: node.mark?.line ?? 0)
    }

    private func template(_ node: Node) -> TableDefinition.Template? {
        guard let fields = Fields(node, "a cell", reader) else { return nil }
        defer { fields.end() }
        let schemes = reader.oneOrMore(fields.optional("for"), "schemes") { reader.label($0) }
        let words = fields.required("words")
        guard let words, let text = reader.prose(words) else { return nil }
        if TemplateText.parts(text) == nil { reader.report(words, "expected words with {measure} or {check:ID} in them, not '\(text)'") }
        return TableDefinition.Template(schemes: schemes, words: text)
    }

    private func claim(_ node: Node) -> TableDefinition.Claim? {
        guard let fields = Fields(node, "a claim", reader) else { return nil }
        defer { fields.end() }
        let family = reader.label(fields.required("family"))
        let says = reader.prose(fields.required("says"))
        let holds = reader.oneOrMore(fields.required("holds"), "conditions", condition)
        let depends = reader.prose(fields.optional("depends"))
        guard let family, let says, let holds else { return nil }
        return TableDefinition.Claim(family: family, says: says, holds: holds, depends: depends, line: node.mark?.line ?? 0)
    }

    private func condition(_ node: Node) -> TableDefinition.Condition? {
        guard let fields = Fields(node, "a condition", reader) else { return nil }
        defer { fields.end() }
        if let check = fields.optional("check") {
            let because = fields.optional("because").flatMap(reason)
            return reader.checkID(check).map { .check($0, because: because) }
        }
        let measure = reader.label(fields.required("measure"))
        let atLeast = fields.optional("at-least").flatMap(bound)
        let atMost = fields.optional("at-most").flatMap(bound)
        if atLeast == nil, atMost == nil { reader.report(node, "a condition on a measure needs 'at-least' or 'at-most'") }
        return measure.map { .measure($0, atLeast: atLeast, atMost: atMost) }
    }

    private func reason(_ node: Node) -> String? {
        guard let text = reader.text(node, "a reason") else { return nil }
        if ReasonWord(rawValue: text) == nil {
            reader.report(node, "no reason '\(text)'\(Suggestion.phrase(for: text, among: ReasonWord.allCases.map(\.rawValue)))")
        }
        return text
    }

    private func bound(_ node: Node) -> TableDefinition.Bound? {
        let expected = "a number, a duration or 'lifetime'"
        guard let text = reader.text(node, expected) else { return nil }
        if text == "lifetime" { return .lifetime }
        if let value = Quantity.decimal(text[...]) ?? Quantity.duration(text[...]) { return .value(value) }
        reader.report(node, "expected \(expected), not '\(text)'")
        return nil
    }
}
