import Yams

/// Reads one YAML file strictly and collects every mistake in it.
///
/// What YAML would guess is never used: a scalar is text until the schema says what it is, so `no`, `1:30` and `0x1`
/// cannot become something else. Anchors, aliases, tags, duplicate keys and further documents are mistakes.
final class SourceReader {
    /// Far more than any file of the project; bounds what a hostile one can cost.
    static let sizeLimit = 256 * 1024

    let file: String
    private(set) var problems: Set<SourceError> = []
    private let lines: [Substring]

    init(file: String, text: String) {
        self.file = file
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The file's single document, or nil after reporting why there is none.
    static func compose(_ text: String, file: String) -> (SourceReader, Node?) {
        // Some editors write a byte order mark, which YAML 1.2.2 section 5.2 allows, and the parser only knows in octets.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        let reader = SourceReader(file: file, text: text)
        guard text.utf8.count <= sizeLimit else {
            reader.report(line: 1, column: 1, "the file is larger than \(sizeLimit / 1024) KiB")
            return (reader, nil)
        }
        do {
            let node = try Parser(yaml: text, encoding: .utf8).singleRoot()
            if let node { reader.inspect(node) } else { reader.report(line: 1, column: 1, "the file is empty") }
            return (reader, node)
        } catch let error as YamlError {
            reader.report(error)
        } catch {
            reader.report(line: 1, column: 1, "not YAML: \(error)")
        }
        return (reader, nil)
    }

    func report(_ node: Node, _ message: String) {
        report(line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, message)
    }

    func report(line: Int, column: Int, _ message: String, severity: SourceError.Severity = .error) {
        problems.insert(SourceError(file: file, line: line, column: column, severity: severity, message: message))
    }

    var hasErrors: Bool { problems.contains { $0.severity == .error } }

    /// The value, or everything that is wrong with the file.
    func result<Value>(_ value: Value?) throws(SourceErrors) -> Value {
        if let value, !hasErrors { return value }
        if !hasErrors { report(line: 1, column: 1, "the file could not be read") }
        throw SourceErrors(Array(problems))
    }

    /// Anchors and tags stand where their node begins, and no other node can begin with their signs.
    private func inspect(_ node: Node) {
        switch character(at: node) {
        case "&": report(node, "anchors and aliases are not allowed; write the value out")
        case "!": report(node, "tags are not allowed; the type follows from the key")
        default: break
        }
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                inspect(key)
                inspect(value)
            }
        case .sequence(let sequence): sequence.forEach(inspect)
        case .scalar, .alias: break
        }
    }

    private func character(at node: Node) -> Unicode.Scalar? {
        guard let mark = node.mark, lines.indices.contains(mark.line - 1) else { return nil }
        return lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1).first
    }

    private func report(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            report(line: mark.line, column: mark.column, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
            report(line: context.mark.line, column: context.mark.column, "duplicate key \(keys) in one mapping")
        case .reader(let problem, _, _, _):
            report(line: 1, column: 1, "not YAML: \(problem)")
        default:
            report(line: 1, column: 1, "not YAML: \(error)")
        }
    }
}
