import Yams

extension SourceReader {
    /// Any text that is not empty.
    func text(_ node: Node?, _ expected: String = "text") -> String? {
        guard let node else { return nil }
        guard case .scalar(let scalar) = node else {
            report(node, "expected \(expected), found a \(node.kind)")
            return nil
        }
        guard !scalar.string.isEmpty else {
            report(node, "expected \(expected), found nothing")
            return nil
        }
        return scalar.string
    }

    /// Prose that may be folded over several lines.
    func prose(_ node: Node?) -> String? {
        text(node, "a sentence")?.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// A name that other places of the file can use: lower-case letters, digits and hyphens, a letter first.
    func label(_ node: Node?) -> String? {
        guard let node, let text = text(node, "a name") else { return nil }
        guard Self.isLabel(text) else {
            report(node, "expected a name of lower-case letters, digits and hyphens, not '\(text)'")
            return nil
        }
        return text
    }

    static func isLabel(_ text: String) -> Bool {
        guard let first = text.utf8.first, (97...122).contains(first) else { return false }
        return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }

    /// One word of a closed list.
    func word(_ node: Node?, of words: [String]) -> String? {
        guard let node, let text = text(node, Fields.list(words)) else { return nil }
        guard words.contains(text) else {
            let hint = Suggestion.phrase(for: text, among: words)
            report(node, "expected \(Fields.list(words)), not '\(text)'\(hint)")
            return nil
        }
        return text
    }

    func word<Word: RawRepresentable & CaseIterable>(_ node: Node?, as type: Word.Type) -> Word? where Word.RawValue == String {
        word(node, of: Word.allCases.map(\.rawValue)).flatMap(Word.init(rawValue:))
    }

    func truth(_ node: Node?) -> Bool? {
        word(node, of: ["yes", "no", "true", "false"]).map { $0 == "yes" || $0 == "true" }
    }

    /// A whole number within the range.
    func whole(_ node: Node?, in range: ClosedRange<Int>) -> Int? {
        guard let node, let text = text(node, "a whole number") else { return nil }
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text), range.contains(number) else {
            report(node, "expected a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
            return nil
        }
        return number
    }

    func number(_ node: Node?) -> Double? {
        guard let node, let text = text(node, "a number") else { return nil }
        guard let number = Quantity.decimal(text[...]) else {
            report(node, "expected a number such as 0, 20 or 1.5, not '\(text)'")
            return nil
        }
        return number
    }

    /// A length of time in seconds.
    func duration(_ node: Node?, or word: String? = nil) -> Double? {
        let expected = "a duration such as 5ms, 2s, 10m, 1h or 90d" + (word.map { ", or '\($0)'" } ?? "")
        guard let node, let text = text(node, expected) else { return nil }
        guard let seconds = Quantity.duration(text[...]) else {
            report(node, "expected \(expected), not '\(text)'")
            return nil
        }
        return seconds
    }

    /// Calls a second.
    func rate(_ node: Node?) -> Double? {
        guard let node, let text = text(node, "a rate such as 200/s") else { return nil }
        guard text.hasSuffix("/s"), let rate = Quantity.decimal(text.dropLast(2)), rate > 0, rate <= 100_000 else {
            report(node, "expected a rate such as 200/s, not '\(text)'")
            return nil
        }
        return rate
    }

    func instant(_ node: Node?) -> Instant? {
        let expected = "an instant such as revoked, revoked+promise or alice.expiry-1s"
        guard let node, let text = text(node, expected) else { return nil }
        guard let instant = Quantity.instant(text) else {
            report(node, "expected \(expected), not '\(text)'")
            return nil
        }
        return instant
    }

    func list<Element>(_ node: Node?, _ expected: String, _ element: (Node) -> Element?) -> [Element]? {
        guard let node else { return nil }
        guard case .sequence(let sequence) = node else {
            report(node, "expected a list of \(expected), such as [a, b]")
            return nil
        }
        return sequence.compactMap(element)
    }

    /// One value, or a list of at least one.
    func oneOrMore<Element>(_ node: Node?, _ expected: String, _ element: (Node) -> Element?) -> [Element]? {
        guard let node else { return nil }
        guard case .sequence(let sequence) = node else { return element(node).map { [$0] } }
        if sequence.isEmpty { report(node, "expected at least one of \(expected)") }
        return sequence.compactMap(element)
    }
}

extension Node {
    /// The node's kind in a reader's words.
    var kind: String {
        switch self {
        case .scalar: "word"
        case .mapping: "mapping"
        case .sequence: "list"
        case .alias: "alias"
        }
    }
}
