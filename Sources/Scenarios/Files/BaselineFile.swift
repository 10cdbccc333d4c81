import Yams

/// Reads one `subjects/NAME/baseline.yaml`: a list of what a subject is known to fail, each with its sentence.
package enum BaselineFile {
    /// - Throws: every mistake of the file, each with its place.
    package static func read(_ text: String, file: String) throws(SourceErrors) -> [KnownFailure] {
        let (reader, root) = SourceReader.compose(text, file: file)
        return try reader.result(root.flatMap { reader.list($0, "known failures") { known($0, reader) } })
    }

    private static func known(_ node: Node, _ reader: SourceReader) -> KnownFailure? {
        guard let fields = Fields(node, "a known failure", reader) else { return nil }
        defer { fields.end() }
        let check = reader.checkID(fields.required("check"))
        let schemes = fields.optional("schemes").flatMap { reader.oneOrMore($0, "schemes") { reader.label($0) } }
        let eras = fields.optional("eras").flatMap { reader.oneOrMore($0, "protocol revisions") { reader.text($0, "a protocol revision") } }
        let verdict = reader.word(fields.required("verdict"), of: ["fail", "warn", "inconclusive"])
        let why = reader.prose(fields.required("why"))
        let sometimes = fields.optional("sometimes").flatMap { reader.truth($0) } ?? false
        guard let check, let verdict, let why else { return nil }
        return KnownFailure(
            check: check, schemes: schemes, eras: eras, verdict: verdict, why: why, sometimes: sometimes, line: node.mark?.line ?? 0)
    }
}
