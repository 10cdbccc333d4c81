import Yams

/// Reads one `subjects/NAME/subject.yaml`: how an implementation is started and administered.
package enum SubjectFile {
    /// - Throws: every mistake of the file, each with its place.
    package static func read(_ text: String, id: String, file: String) throws(SourceErrors) -> Subject {
        let (reader, root) = SourceReader.compose(text, file: file)
        return try reader.result(root.flatMap { subject($0, id: id, reader) })
    }

    private static func subject(_ root: Node, id: String, _ reader: SourceReader) -> Subject? {
        guard let fields = Fields(root, "the subject", reader) else { return nil }
        defer { fields.end() }
        let title = reader.prose(fields.required("title"))
        let role = reader.word(fields.required("role"), as: Subject.Role.self)
        let schemes = reader.oneOrMore(fields.required("schemes"), "schemes") { reader.label($0) }
        let eras = reader.oneOrMore(fields.required("eras"), "protocol revisions") {
            reader.text($0, "a protocol revision such as \"2026-07-28\"")
        }
        let startNode = fields.required("start")
        let start = command(startNode, reader)
        let hooks = fields.required("hooks").map { table($0, "hooks", reader) { command($0, reader) } } ?? [:]
        let audit = reader.truth(fields.required("audit"))
        let reasons = fields.optional("reasons").map { table($0, "reasons", reader) { reader.reason($0) } } ?? [:]
        guard let title, let role, let schemes, let eras, let start, let audit else { return nil }
        return Subject(
            id: id, title: title, role: role, schemes: schemes, eras: eras, start: start, hooks: hooks, audit: audit, reasons: reasons)
    }

    /// A program and its arguments; placeholders such as `{config}` are the bed's to fill.
    private static func command(_ node: Node?, _ reader: SourceReader) -> [String]? {
        let words = reader.list(node, "a program and its arguments") { reader.text($0, "an argument") }
        if let node, let words, words.isEmpty { reader.report(node, "expected a program and its arguments, found an empty list") }
        return words
    }

    private static func table<Value>(_ node: Node, _ what: String, _ reader: SourceReader, _ value: (Node) -> Value?) -> [String: Value] {
        guard case .mapping(let mapping) = node else {
            reader.report(node, "expected a mapping for '\(what)', or {}")
            return [:]
        }
        var result: [String: Value] = [:]
        for (key, node) in mapping {
            guard let name = reader.text(key, "a name"), let value = value(node) else { continue }
            result[name] = value
        }
        return result
    }
}
