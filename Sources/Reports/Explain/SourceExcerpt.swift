/// A piece of source text with its place: shown as it stands in its file, never copied anywhere.
package struct SourceExcerpt: Sendable, Hashable {
    package var file: String
    /// From 1.
    package var line: Int
    package var lines: [String]

    /// From the line to where its brackets are closed again; nil when they never are.
    static func balanced(_ lines: [Substring], from start: Int, file: String) -> SourceExcerpt? {
        var depth = 0
        var opened = false
        for index in start..<min(start + 80, lines.count) {
            var inString = false
            for character in lines[index] {
                if character == "\"" { inString.toggle() }
                guard !inString else { continue }
                if "([{".contains(character) {
                    depth += 1
                    opened = true
                } else if ")]}".contains(character) {
                    depth -= 1
                }
            }
            if opened, depth <= 0 { return SourceExcerpt(file: file, line: start + 1, lines: dedented(lines[start...index])) }
        }
        return nil
    }

    private static func dedented(_ lines: ArraySlice<Substring>) -> [String] {
        let indent = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { String($0.dropFirst(indent)) }
    }
}

/// Finds a defect in the program's own sources, and the right check that it drops or replaces.
package struct DefectSource: Sendable {
    /// Text by path.
    package var files: [String: String]

    package init(files: [String: String]) { self.files = files }

    /// The members of the parts that hold a list of checks, and the type whose file holds the right ones.
    private static let lists = [
        "keys": "APIKeyChecks", "tokens": "TokenChecks", "proofs": "DPoPChecks", "peers": "PeerChecks", "clients": "ClientChecks",
        "codes": "CodeChecks", "refreshes": "RefreshChecks", "activity": "TokenStateChecks", "introspectors": "ClientChecks",
    ]

    /// What is bent, as code; nil where the sources are not at hand.
    package func bent(_ defect: String) -> SourceExcerpt? {
        for (file, text) in files.sorted(by: { $0.key < $1.key }) where file.contains("Sources/Defects/") {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            guard let line = lines.firstIndex(where: { $0.contains("\"\(defect)\"") }) else { continue }
            let start = lines[line].contains("Defect(") || line == 0 ? line : line - 1
            return SourceExcerpt.balanced(lines, from: start, file: file)
        }
        return nil
    }

    /// The right checks in whose place the bent code stands.
    package func right(for bent: SourceExcerpt) -> [SourceExcerpt] {
        let code = bent.lines.joined(separator: "\n")
        var found: [SourceExcerpt] = []
        for match in code.matches(of: /(?:dropping|replacing)\(\s*"([a-z\-]+)"/) {
            let name = String(match.output.1)
            guard let member = code[..<match.range.lowerBound].matches(of: /(?:parts|\$0)\.([a-z]+)/).last.map({ String($0.output.1) }),
                let type = Self.lists[member], let excerpt = check(name, of: type), !found.contains(excerpt)
            else { continue }
            found.append(excerpt)
        }
        return found
    }

    private func check(_ name: String, of type: String) -> SourceExcerpt? {
        for (file, text) in files.sorted(by: { $0.key < $1.key }) {
            guard (file.split(separator: "/").last ?? "").hasPrefix(type) else { continue }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let line = lines.firstIndex { $0.contains("(\"\(name)\")") && $0.contains("Check") }
            if let line, let excerpt = SourceExcerpt.balanced(lines, from: line, file: file) { return excerpt }
        }
        return nil
    }
}
