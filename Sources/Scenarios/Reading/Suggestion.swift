/// Finds the word that was probably meant.
package enum Suggestion {
    /// ` (did you mean 'revoke'?)`, or nothing when no candidate is close.
    package static func phrase(for word: String, among candidates: some Sequence<String>) -> String {
        let limit = max(1, word.count / 3)
        let best = candidates.map { (word: $0, distance: distance(word, $0)) }.min { ($0.distance, $0.word) < ($1.distance, $1.word) }
        guard let best, best.distance <= limit else { return "" }
        return " (did you mean '\(best.word)'?)"
    }

    /// Single-character insertions, deletions, substitutions and swaps of neighbours between two words.
    static func distance(_ a: String, _ b: String) -> Int {
        // Words of a file may be of any length; nothing far longer than a key is ever a near miss.
        let a = Array(a.prefix(64)), b = Array(b.prefix(64))
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var rows = [Array(0...b.count)]
        for i in 1...a.count {
            var row = [i] + Array(repeating: 0, count: b.count)
            for j in 1...b.count {
                let substitution = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                row[j] = min(rows[i - 1][j] + 1, row[j - 1] + 1, substitution)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], rows[i - 2][j - 2] + 1) }
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
