import Yams

/// Reads one file of `defects/`: a list of what is bent. A sentinel, named `sentinel/…`, is bent beyond any kill set.
package enum DefectsFile {
    /// - Throws: every mistake of the file, each with its place.
    package static func read(_ text: String, file: String) throws(SourceErrors) -> [Defect] {
        let (reader, root) = SourceReader.compose(text, file: file)
        return try reader.result(root.flatMap { reader.list($0, "defects") { defect($0, reader) } })
    }

    private static func defect(_ node: Node, _ reader: SourceReader) -> Defect? {
        guard let fields = Fields(node, "a defect", reader) else { return nil }
        defer { fields.end() }
        let id = reader.defectID(fields.required("id"))
        let role = reader.word(fields.required("role"), as: Subject.Role.self)
        let bends = reader.prose(fields.required("bends"))
        let kills = fields.required("kills").flatMap { readKills($0, reader) }
        let loosens = fields.optional("loosens").flatMap { reader.truth($0) } ?? false
        let isSentinel = id?.hasPrefix("sentinel/") ?? false
        if !isSentinel, let kills, kills.everywhere.isEmpty, kills.byScheme.isEmpty, let place = fields.optional("kills") {
            reader.report(place, "a defect that turns no check red shows nothing")
        }
        if let id, let role, !isSentinel, !id.hasPrefix("\(role.rawValue)/"), let place = fields.optional("id") {
            reader.report(place, "a defect of the \(role.rawValue) is named '\(role.rawValue)/…', not '\(id)'")
        }
        guard let id, let role, let bends, let kills else { return nil }
        return Defect(
            id: id, role: role, bends: bends, kills: kills.everywhere, killsByScheme: kills.byScheme, loosens: loosens,
            file: reader.file, line: node.mark?.line ?? 0)
    }

    /// A list of checks, or a list for each scheme.
    private static func readKills(_ node: Node, _ reader: SourceReader) -> (everywhere: [String], byScheme: [String: [String]])? {
        guard case .mapping(let mapping) = node else {
            return reader.list(node, "checks") { reader.checkID($0) }.map { ($0, [:]) }
        }
        var byScheme: [String: [String]] = [:]
        for (key, value) in mapping {
            guard let scheme = reader.label(key), let checks = reader.oneOrMore(value, "checks", { reader.checkID($0) }) else { continue }
            byScheme[scheme] = checks
        }
        return ([], byScheme)
    }
}
