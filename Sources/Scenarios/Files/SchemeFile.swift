import Yams

/// Reads one file of `schemes/`: what the verbs mean in a scheme, and what a refusal looks like there.
package enum SchemeFile {
    /// - Throws: every mistake of the file, each with its place.
    package static func read(_ text: String, id: String, file: String) throws(SourceErrors) -> Scheme {
        let (reader, root) = SourceReader.compose(text, file: file)
        return try reader.result(root.flatMap { scheme($0, id: id, reader) })
    }

    private static func scheme(_ root: Node, id: String, _ reader: SourceReader) -> Scheme? {
        guard let fields = Fields(root, "the scheme", reader) else { return nil }
        defer { fields.end() }
        let title = reader.prose(fields.required("title"))
        let presents = reader.oneOrMore(fields.required("presents"), "credentials") {
            reader.word($0, of: ["api-key", "token", "certificate"])
        }
        let server = reader.label(fields.required("server"))
        let grant = fields.optional("grant").flatMap { reader.word($0, of: ["client-credentials", "authorization-code"]) }
        let binding = fields.optional("binding").flatMap { reader.word($0, of: ["certificate", "dpop"]) }
        let ocsp = fields.optional("ocsp").flatMap { reader.word($0, of: ["hard", "soft"]) }
        let lifetime = reader.duration(fields.required("lifetime"))
        let promise = fields.required("revocation").flatMap { readPromise($0, reader) }
        let notOffered = fields.required("not-offered").flatMap { readNotOffered($0, reader) }
        let refusal = fields.required("refusal").flatMap { readRefusal($0, reader) }
        guard let title, let presents, let server, let lifetime, let promise, let notOffered, let refusal else { return nil }
        return Scheme(
            id: id, title: title, presents: presents, server: server, grant: grant, binding: binding, ocsp: ocsp, lifetime: lifetime,
            revocationPromise: promise.seconds, notOffered: notOffered, refusalStatuses: refusal.statuses,
            refusalInTransport: refusal.transport)
    }

    /// How soon revocation takes effect.
    private enum Promise {
        case within(Double)
        case expiry

        var seconds: Double? { if case .within(let seconds) = self { seconds } else { nil } }
    }

    private static func readPromise(_ node: Node, _ reader: SourceReader) -> Promise? {
        guard let fields = Fields(node, "'revocation'", reader) else { return nil }
        defer { fields.end() }
        let value = fields.required("promise")
        if value?.scalar?.string == "expiry" { return .expiry }
        return reader.duration(value, or: "expiry").map(Promise.within)
    }

    private static func readNotOffered(_ node: Node, _ reader: SourceReader) -> [String: String]? {
        guard case .mapping(let mapping) = node else {
            reader.report(node, "expected a mapping of verbs to reasons, or {}")
            return nil
        }
        var result: [String: String] = [:]
        for (key, value) in mapping {
            guard let verb = reader.word(key, of: Verb.words), let why = reader.prose(value) else { continue }
            result[verb] = why
        }
        return result
    }

    private static func readRefusal(_ node: Node, _ reader: SourceReader) -> (statuses: [Int], transport: Bool)? {
        guard let fields = Fields(node, "'refusal'", reader) else { return nil }
        defer { fields.end() }
        let statuses = reader.oneOrMore(fields.required("statuses"), "HTTP statuses") { reader.whole($0, in: 400...599) }
        let transport = reader.truth(fields.required("in-transport"))
        guard let statuses, let transport else { return nil }
        return (statuses, transport)
    }
}
