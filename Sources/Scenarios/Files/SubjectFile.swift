import Yams

/// Reads one `subjects/NAME/subject.yaml`: how an implementation is started and administered.
package enum SubjectFile {
    /// - Throws: every mistake of the file, each with its place.
    /// - Parameter folder: The folder it lies in, for `{subject}` in its commands.
    package static func read(_ text: String, id: String, file: String, folder: String? = nil) throws(SourceErrors) -> Subject {
        let (reader, root) = SourceReader.compose(text, file: file)
        return try reader.result(
            root.flatMap { root in
                var subject = subject(root, id: id, reader)
                subject?.folder = folder
                return subject
            })
    }

    private static func subject(_ root: Node, id: String, _ reader: SourceReader) -> Subject? {
        guard let fields = Fields(root, "the subject", reader) else { return nil }
        defer { fields.end() }
        let title = reader.prose(fields.required("title"))
        let role = reader.word(fields.required("role"), as: Subject.Role.self)
        let schemes = reader.oneOrMore(fields.required("schemes"), "schemes") { reader.label($0) }
        // Issuers know nothing of MCP, and clients ask in whatever they speak.
        let spoken = role == .server ? fields.required("eras") : fields.optional("eras")
        let eras =
            role != .server && spoken == nil
            ? allEras
            : reader.oneOrMore(spoken, "protocol revisions") { reader.text($0, "a protocol revision such as \"2026-07-28\"") }
        let url = fields.optional("url").flatMap { reader.text($0, "a URL") }
        // What runs already has a URL and no command.
        let start = (url == nil ? fields.required("start") : fields.optional("start")).map { command($0, reader) } ?? []
        let readyWithin = fields.optional("ready-within").flatMap { reader.duration($0) } ?? 10
        let hooks = fields.optional("hooks").map { table($0, "hooks", reader) { command($0, reader) } } ?? [:]
        let reload = fields.optional("reload").flatMap { reader.word($0, as: Subject.ReloadSignal.self) }
        let audit = fields.optional("audit").map { reader.truth($0) } ?? false
        let reasons = fields.optional("reasons").map { table($0, "reasons", reader) { reader.reason($0) } } ?? [:]
        let lacks = fields.optional("lacks").map { readLacks($0, reader) } ?? [:]
        let calls = fields.optional("calls").map { readCalls($0, reader) } ?? [:]
        let issuerPort = fields.optional("issuer-port").flatMap { reader.whole($0, in: 1...65535) }
        let credentials = fields.optional("credentials").map { table($0, "credentials", reader) { reader.text($0, "a file") } } ?? [:]
        let version = fields.optional("version").map { command($0, reader) } ?? []
        let contract = fields.optional("contract").map { reader.word($0, as: ClientContract.self) } ?? .session
        if let place = fields.optional("contract"), role != .client { reader.report(place, "'contract' is for clients") }
        guard let contract, let title, let role, let schemes, let eras, let start, let audit, let version else { return nil }
        var subject = Subject(
            id: id, title: title, role: role, schemes: schemes, eras: eras, start: start, hooks: hooks, reload: reload, audit: audit,
            reasons: reasons,
            url: url, readyWithin: readyWithin, lacks: lacks, calls: calls, issuerPort: issuerPort, credentials: credentials,
            contract: contract)
        subject.version = version
        return subject
    }

    private static let allEras = ["2026-07-28", "2025-11-25"]

    private static func readLacks(_ node: Node, _ reader: SourceReader) -> [Capability: String] {
        guard case .mapping(let mapping) = node else {
            reader.report(node, "expected a mapping of what it lacks to reasons, or {}")
            return [:]
        }
        var result: [Capability: String] = [:]
        for (key, value) in mapping {
            guard let capability = reader.word(key, as: Capability.self), let why = reader.prose(value) else { continue }
            result[capability] = why
        }
        return result
    }

    /// `read` and `write`, both as tools or both as requests of plain HTTP.
    private static func readCalls(_ node: Node, _ reader: SourceReader) -> [String: SubjectCall] {
        guard let fields = Fields(node, "'calls'", reader) else { return [:] }
        defer { fields.end() }
        var calls: [String: SubjectCall] = [:]
        for name in ["read", "write"] { calls[name] = fields.required(name).flatMap { call($0, reader) } }
        if case .http? = calls["read"], case .tool? = calls["write"] {
            reader.report(node, "reading is plain HTTP and writing is a tool; a subject speaks one of the two")
        } else if case .tool? = calls["read"], case .http? = calls["write"] {
            reader.report(node, "reading is a tool and writing is plain HTTP; a subject speaks one of the two")
        }
        return calls
    }

    private static func call(_ node: Node, _ reader: SourceReader) -> SubjectCall? {
        guard let fields = Fields(node, "a call", reader) else { return nil }
        defer { fields.end() }
        if let tool = fields.optional("tool") {
            let arguments = fields.optional("arguments").map(JSONText.text) ?? "{}"
            return reader.text(tool, "a tool's name").map { .tool($0, arguments: arguments) }
        }
        let method = reader.word(fields.required("method"), of: ["GET", "POST", "PUT", "DELETE"])
        let path = reader.text(fields.required("path"), "a path such as /read")
        let body = fields.optional("body").flatMap { reader.text($0, "a body") } ?? ""
        if let path, !path.hasPrefix("/"), let place = fields.optional("path") { reader.report(place, "a path begins with '/'") }
        guard let method, let path else { return nil }
        return .http(method: method, path: path, body: body)
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
