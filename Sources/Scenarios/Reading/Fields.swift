import Yams

/// A mapping whose keys are asked for one by one; what nobody asked for is a mistake.
final class Fields {
    let reader: SourceReader
    /// What the mapping describes, for messages: `issue`, `the scenario`.
    let what: String
    let node: Node
    private var values: [String: (key: Node, value: Node)] = [:]
    private var order: [String] = []
    private var asked: Set<String> = []

    /// Nil, after reporting, when the node is no mapping.
    init?(_ node: Node, _ what: String, _ reader: SourceReader) {
        self.reader = reader
        self.what = what
        self.node = node
        guard case .mapping(let mapping) = node else {
            reader.report(node, "expected a mapping for \(what), such as { key: value }")
            return nil
        }
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                reader.report(key, "expected a word as the key")
                continue
            }
            values[scalar.string] = (key, value)
            order.append(scalar.string)
        }
    }

    var keys: [String] { order }

    /// Whether it has a key that is none of these.
    func hasOthers(than known: [String]) -> Bool { order.contains { !known.contains($0) } }

    func key(_ name: String) -> Node { values[name]?.key ?? node }

    func optional(_ key: String) -> Node? {
        asked.insert(key)
        return values[key]?.value
    }

    func required(_ key: String) -> Node? {
        if let value = optional(key) { return value }
        reader.report(node, "missing key '\(key)' in \(what)")
        return nil
    }

    /// Reports the keys that were never asked for. To be called once all others have been.
    func end() {
        for key in order where !asked.contains(key) {
            guard let place = values[key]?.key else { continue }
            let known = asked.sorted()
            let hint = Suggestion.phrase(for: key, among: known)
            let expected = hint.isEmpty ? "; expected \(Fields.list(known))" : hint
            reader.report(place, "unknown key '\(key)' in \(what)\(expected)")
        }
    }

    /// As many as somebody reads.
    static func list(_ words: some Sequence<String>, limit: Int = 30) -> String {
        let words = words.map { "'\($0)'" }
        if words.count > limit { return words.prefix(limit - 1).joined(separator: ", ") + " or one of \(words.count - limit + 1) others" }
        guard words.count > 1 else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
    }
}
