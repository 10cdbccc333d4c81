/// Text made fit for a page.
enum Text {
    /// What a subject wrote may hold anything; control characters would move the reader's cursor.
    static func clean(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : $0 }))
    }

    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Lines of at most that many characters, broken between words; a longer word is cut.
    static func wrap(_ text: String, _ width: Int) -> [String] {
        let width = max(width, 1)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            var word = word
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            while word.count > width {
                if !line.isEmpty { lines.append(line) }
                line = ""
                lines.append(String(word.prefix(width)))
                word = word.dropFirst(width)
            }
            if !word.isEmpty { line += line.isEmpty ? String(word) : " \(word)" }
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line) }
        return lines
    }

    /// Wrapped, every line after the first indented.
    static func hanging(_ text: String, _ width: Int, indent: Int) -> String {
        wrap(text, width - indent).joined(separator: "\n" + String(repeating: " ", count: indent))
    }
}
