/// A file's text, to find the place of a word in it.
struct Page {
    let file: String
    let lines: [Substring]

    init(file: String, text: String) {
        self.file = file
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// An error at the first place of the word from that line on, or at the line's own first word.
    func error(at word: String, from line: Int = 1, _ message: String) -> SourceError {
        let start = max(line, 1)
        for number in stride(from: start, through: lines.count, by: 1) {
            if let column = column(of: word, in: lines[number - 1]) {
                return SourceError(file: file, line: number, column: column, message: message)
            }
        }
        return SourceError(file: file, line: start, column: 1, message: message)
    }

    /// Where the word stands by itself: `api-key` is not found in `my-api-key`.
    private func column(of word: String, in line: Substring) -> Int? {
        let line = Array(line.unicodeScalars), word = Array(word.unicodeScalars)
        guard !word.isEmpty, line.count >= word.count else { return nil }
        for start in 0...(line.count - word.count) where Array(line[start..<start + word.count]) == word {
            let before = start == 0 ? " " : line[start - 1]
            let end = start + word.count
            let after = end == line.count ? " " : line[end]
            if !Self.isInside(before), !Self.isInside(after) { return start + 1 }
        }
        return nil
    }

    private static func isInside(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "/"
    }
}
