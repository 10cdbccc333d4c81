import Yams

/// One mapping of a manifest, all of whose keys are known.
struct ManifestFields {
    private let reader: ManifestReader
    private let what: String
    private let mapping: Node
    let values: [String: Node]

    /// - Parameter inherited: What counts for the keys that are absent.
    init(_ node: Node, _ what: String, _ known: [String], _ reader: ManifestReader, inherited: [String: Node] = [:]) throws {
        var values = inherited
        for pair in try reader.pairs(node, what) {
            guard known.contains(pair.name) else {
                throw reader.error(pair.key, "unknown key '\(pair.name)' in \(what); expected \(known.joined(separator: ", "))")
            }
            values[pair.name] = pair.node
        }
        self.values = values
        self.reader = reader
        self.what = what
        mapping = node
    }

    func node(_ key: String) throws -> Node {
        if let node = values[key] { return node }
        throw reader.error(mapping, "missing key '\(key)' in \(what)")
    }

    func optionalNode(_ key: String) -> Node? { values[key] }

    func text(_ key: String) throws -> String {
        try text(try node(key), key)
    }

    func optionalText(_ key: String) throws -> String? {
        try values[key].map { try text($0, key) }
    }

    /// A list of texts, empty when the key is absent.
    func texts(_ key: String) throws -> [String] {
        guard let node = values[key] else { return [] }
        guard case .sequence(let sequence) = node else { throw reader.error(node, "expected a list for '\(key)', such as [one, two]") }
        return try sequence.map { try text($0, key) }
    }

    /// One of a closed list of words.
    func word<Word: RawRepresentable<String> & CaseIterable>(_ key: String, _ absent: Word?) throws -> Word {
        if let absent, values[key] == nil { return absent }
        return try word(try node(key), key)
    }

    func optionalWord<Word: RawRepresentable<String> & CaseIterable>(_ key: String, as kind: Word.Type) throws -> Word? {
        try values[key].map { try word($0, key) }
    }

    /// A list of words of a closed list, or `none` for the empty list; nil when the key is absent.
    func words<Word: RawRepresentable<String> & CaseIterable>(_ key: String) throws -> [Word]? {
        guard let node = values[key] else { return nil }
        if case .scalar(let scalar) = node, scalar.string == "none" { return [] }
        guard case .sequence(let sequence) = node, !sequence.isEmpty else {
            throw reader.error(node, "expected a list for '\(key)', such as [one, two], or none")
        }
        return try sequence.map { try word($0, key) }
    }

    /// `true` or `false`; false when the key is absent.
    func flag(_ key: String) throws -> Bool {
        guard let text = try optionalText(key) else { return false }
        guard ["true", "false"].contains(text) else {
            throw reader.error(try node(key), "expected true or false for '\(key)', not '\(text)'")
        }
        return text == "true"
    }

    private func word<Word: RawRepresentable<String> & CaseIterable>(_ node: Node, _ key: String) throws -> Word {
        let text = try text(node, key)
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw reader.error(node, "expected one of \(words) for '\(key)', not '\(text)'")
    }

    /// Whole seconds, written as `30s`, `5m`, `2h` or `365d`; at most a hundred years.
    func duration(_ key: String, _ absent: Int?, signed: Bool) throws -> Int {
        if let absent, values[key] == nil { return absent }
        let text = try text(key)
        let negative = signed && text.hasPrefix("-")
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let digits = (negative ? text.dropFirst() : text[...]).dropLast()
        if let unit = text.last.flatMap({ units[$0] }), digits.utf8.count <= 10, digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(digits), number * unit <= 36_525 * 86_400
        {
            return negative ? -number * unit : number * unit
        }
        throw reader.error(try node(key), "expected a duration such as \(signed ? "-400d" : "365d") for '\(key)', not '\(text)'")
    }

    private func text(_ node: Node, _ key: String) throws -> String {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw reader.error(node, "expected text for '\(key)'") }
        return scalar.string
    }
}
