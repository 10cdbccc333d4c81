import Mustache

/// Text made fit for HTML.
enum HTMLText {
    /// Escaped scalar by scalar: a quotation mark followed by a combining mark is one `Character`, and still ends an attribute.
    /// What would move a cursor or turn the direction of writing is replaced. An apostrophe stays: no attribute of the page stands
    /// in apostrophes.
    static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "\n"
            case _ where isHostile(scalar): result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// For text between tags, where quotation marks may stand as they are: JSON is half made of them.
    static func escapeText(_ text: String) -> String {
        escape(text).replacing("&quot;", with: "\"")
    }

    /// What stands between backticks is a command or a name.
    static func words(_ text: String) -> String {
        escape(text).replacing(/`([^`]+)`/) { "<code>\($0.output.1)</code>" }
    }

    private static func isHostile(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE...0xFFFF: true
        default: false
        }
    }

    /// A name for `id` and `href`: letters, digits, and `.`, `-`, `_` for the rest, so that it may stand without quotation marks.
    static func anchor(_ parts: String...) -> String {
        parts.map { part in
            String(
                String.UnicodeScalarView(
                    part.unicodeScalars.map { scalar in
                        scalar.isASCII
                            && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_.".unicodeScalars.contains(scalar))
                            ? scalar : "."
                    }))
        }.joined(separator: "-")
    }

    /// A clause as HTML: what stands in an RFC links to it.
    static func clause(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let match = rest.firstMatch(of: /RFC ([0-9]{3,5})(?: sections? ([0-9]+(?:\.[0-9]+)*))?/) {
            result += escape(String(rest[..<match.range.lowerBound]))
            let section = match.output.2.map { "#section-\($0)" } ?? ""
            result += "<a href=\"https://www.rfc-editor.org/rfc/rfc\(match.output.1)\(section)\">\(escape(String(match.output.0)))</a>"
            rest = rest[match.range.upperBound...]
        }
        return result + escape(String(rest))
    }

    /// One place, without a locale's idea of a comma.
    static func decimal(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// What templates escape with; Mustache's own goes by `Character`.
    struct ContentType: MustacheContentType {
        func escapeText(_ text: String) -> String { HTMLText.escape(text) }
    }
}
