import Yams

/// Reads one file of `profiles/`, and writes it.
package enum ProfileFile {
    /// - Throws: every mistake of the file, each with its place.
    package static func read(_ text: String, id: String, file: String) throws(SourceErrors) -> Profile {
        let (reader, root) = SourceReader.compose(text, file: file)
        return try reader.result(root.flatMap { profile($0, id: id, reader) })
    }

    private static func profile(_ root: Node, id: String, _ reader: SourceReader) -> Profile? {
        guard let fields = Fields(root, "the profile", reader) else { return nil }
        defer { fields.end() }
        let title = reader.prose(fields.required("title"))
        let schemes = reader.oneOrMore(fields.required("schemes"), "schemes") { reader.label($0) }
        var revisions: [String: [String]] = [:]
        if let node = fields.required("revisions") {
            guard case .mapping(let mapping) = node else {
                reader.report(node, "expected a list of checks for each revision, such as \"2026-07-28\": [token.expired]")
                return nil
            }
            for (key, value) in mapping {
                guard let revision = reader.text(key, "a protocol revision"),
                    let checks = reader.list(value, "checks", { reader.checkID($0) })
                else { continue }
                let repeated = Dictionary(grouping: checks, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
                if let check = repeated.first { reader.report(value, "check '\(check)' stands twice in \(revision)") }
                revisions[revision] = checks
            }
        }
        guard let title, let schemes else { return nil }
        return Profile(id: id, title: title, schemes: schemes, revisions: revisions)
    }

    /// As `read` takes it: one check a line, so that a change shows as a change of lines.
    package static func text(_ profile: Profile) -> String {
        var lines = ["title: \(profile.title)", "schemes: [\(profile.schemes.joined(separator: ", "))]", "revisions:"]
        for (revision, checks) in profile.revisions.sorted(by: { $0.key < $1.key }) {
            lines.append("  \"\(revision)\":")
            lines += checks.map { "    - \($0)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
