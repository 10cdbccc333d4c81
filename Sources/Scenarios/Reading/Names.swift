import Yams

/// The names that files use for one another's things.
extension SourceReader {
    /// A check's id: words with hyphens, joined by points.
    func checkID(_ node: Node?) -> String? {
        dotted(node, "a check's id such as revocation.takes-effect", words: 2...4)
    }

    /// A rule of the catalogue; its words may begin with a digit, as in `client.token.401-recovery`.
    func ruleID(_ node: Node?) -> String? {
        dotted(node, "a rule's name such as mcp.auth.every-method", words: 2...4) { Self.isLabel("a\($0)") }
    }

    /// A fact's name, such as `operator-commands` or `alice.lifetime`.
    func fact(_ node: Node?) -> String? {
        dotted(node, "a fact's name such as canary.writes", words: 1...3)
    }

    /// A set of calls: a step's label, or its accepted companions, as in `fresh.twin`.
    func callSet(_ node: Node?) -> String? {
        guard let node, let text = dotted(node, "a set of calls: a step's name, or NAME.twin", words: 1...2) else { return nil }
        guard !text.contains(".") || text.hasSuffix(".twin") else {
            report(node, "expected a set of calls: a step's name, or NAME.twin, not '\(text)'")
            return nil
        }
        return text
    }

    /// `ROLE/WHAT-IS-BENT`, or `sentinel/WHICH`.
    func defectID(_ node: Node?) -> String? {
        guard let node, let text = text(node, "a defect's id such as server/ignores-exp") else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy(Self.isLabel) else {
            report(node, "expected a defect's id such as server/ignores-exp, not '\(text)'")
            return nil
        }
        return text
    }

    func outcome(_ node: Node) -> String? { word(node, of: ["accepted", "refused", "dropped"]) }

    func reason(_ node: Node) -> String? { word(node, as: ReasonWord.self)?.rawValue }

    private func dotted(
        _ node: Node?, _ expected: String, words: ClosedRange<Int>, _ isWord: (String) -> Bool = SourceReader.isLabel
    ) -> String? {
        guard let node, let text = text(node, expected) else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard words.contains(parts.count), parts.allSatisfy(isWord) else {
            report(node, "expected \(expected), not '\(text)'")
            return nil
        }
        return text
    }
}
