/// A cell's words taken apart.
package enum TemplateText {
    package enum Part: Sendable, Hashable {
        case words(String)
        case measure(String)
        case check(String)
        case held(String)
    }

    /// Nil when a brace is not closed or holds no name.
    package static func parts(_ text: String) -> [Part]? {
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            if open > rest.startIndex { parts.append(.words(String(rest[..<open]))) }
            let name = rest[rest.index(after: open)..<close]
            if name.hasPrefix("check:") {
                parts.append(.check(String(name.dropFirst(6))))
            } else if name.hasPrefix("held:") {
                parts.append(.held(String(name.dropFirst(5))))
            } else if SourceReader.isLabel(String(name)) {
                parts.append(.measure(String(name)))
            } else {
                return nil
            }
            rest = rest[rest.index(after: close)...]
        }
        if rest.contains("}") { return nil }
        if !rest.isEmpty { parts.append(.words(String(rest))) }
        return parts
    }
}
