/// The tags of an HTML page, one after another, as far as forms need them. What is in comments, scripts and styles is no tag.
///
/// It reads whatever bytes it is given, in time linear in their number: pages come from subjects.
struct HTMLTags: Sequence, IteratorProtocol {
    struct Tag: Sendable, Hashable {
        /// In lower case; `/form` for an end tag.
        var name: String
        /// Names in lower case, values with their character references resolved; of two with one name the first counts.
        var attributes: [String: String] = [:]
        /// The text up to the next tag, character references resolved.
        var text = ""
    }

    private let page: [UInt8]
    private var at = 0

    init(_ page: [UInt8]) { self.page = page }

    mutating func next() -> Tag? {
        while let open = find(UInt8(ascii: "<"), from: at) {
            at = open + 1
            if starts(with: "!--") {
                at = end(of: "-->", from: at + 3)
            } else if let first = peek(), first == UInt8(ascii: "!") || first == UInt8(ascii: "?") {
                at = end(of: ">", from: at)
            } else if let tag = tag() {
                return tag
            }
        }
        at = page.count
        return nil
    }

    private mutating func tag() -> Tag? {
        let isEnd = peek() == UInt8(ascii: "/")
        if isEnd { at += 1 }
        guard let first = peek(), Self.isLetter(first) else { return nil }
        let name = word { Self.isBlank($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") }.lowercased()
        var tag = Tag(name: isEnd ? "/" + name : name)
        while let (key, value) = attribute() {
            if tag.attributes[key] == nil { tag.attributes[key] = value }
        }
        if ["script", "style"].contains(name), !isEnd { return skipRaw(tag) }
        let next = find(UInt8(ascii: "<"), from: at) ?? page.count
        tag.text = CharacterReferences.resolved(String(decoding: page[at..<next], as: UTF8.self))
        return tag
    }

    /// The content of a script is text up to its end tag, whatever it looks like.
    private mutating func skipRaw(_ tag: Tag) -> Tag {
        let close = Array("</\(tag.name)".utf8)
        while at < page.count {
            guard let open = find(UInt8(ascii: "<"), from: at) else {
                at = page.count
                break
            }
            let candidate = page[open..<Swift.min(open + close.count, page.count)]
            if String(decoding: candidate, as: UTF8.self).lowercased().utf8.elementsEqual(close) {
                at = open
                break
            }
            at = open + 1
        }
        return tag
    }

    /// Nil at the tag's end, which is then behind.
    private mutating func attribute() -> (String, String)? {
        while let byte = peek(), Self.isBlank(byte) || byte == UInt8(ascii: "/") { at += 1 }
        guard let byte = peek() else { return nil }
        if byte == UInt8(ascii: ">") {
            at += 1
            return nil
        }
        let start = at
        let name = word { Self.isBlank($0) || "=>/".utf8.contains($0) }.lowercased()
        // A stray equals sign, which belongs to no name.
        if at == start { at += 1 }
        while let byte = peek(), Self.isBlank(byte) { at += 1 }
        guard peek() == UInt8(ascii: "=") else { return (name, "") }
        at += 1
        while let byte = peek(), Self.isBlank(byte) { at += 1 }
        guard let quote = peek() else { return (name, "") }
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return (name, CharacterReferences.resolved(word { Self.isBlank($0) || $0 == UInt8(ascii: ">") }))
        }
        at += 1
        let value = word { $0 == quote }
        if at < page.count { at += 1 }
        return (name, CharacterReferences.resolved(value))
    }

    private func peek() -> UInt8? { at < page.count ? page[at] : nil }

    private mutating func word(until stop: (UInt8) -> Bool) -> String {
        let start = at
        while at < page.count, !stop(page[at]) { at += 1 }
        return String(decoding: page[start..<at], as: UTF8.self)
    }

    private func find(_ byte: UInt8, from start: Int) -> Int? { start < page.count ? page[start...].firstIndex(of: byte) : nil }

    private func starts(with text: String) -> Bool { page[at...].starts(with: text.utf8) }

    /// Behind the next occurrence of the text, or at the page's end.
    private func end(of text: String, from start: Int) -> Int {
        let wanted = Array(text.utf8)
        var place = start
        while place + wanted.count <= page.count {
            if page[place..<place + wanted.count].elementsEqual(wanted) { return place + wanted.count }
            place += 1
        }
        return page.count
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
    private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0C, 0x0D].contains(byte) }
}

/// Character references (HTML, section 13.5): the ones a page needs to carry any text in an attribute.
enum CharacterReferences {
    private static let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}"]

    static func resolved(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        var rest = text[...]
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            rest = rest[ampersand...]
            // The longest reference there is has ten characters.
            guard let end = rest.prefix(12).firstIndex(of: ";"), let meant = meaning(rest[rest.index(after: rest.startIndex)..<end]) else {
                result += "&"
                rest = rest.dropFirst()
                continue
            }
            result += meant
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func meaning(_ name: Substring) -> String? {
        guard name.hasPrefix("#") else { return named[String(name)] }
        let digits = name.dropFirst()
        let number = digits.lowercased().hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return number.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
    }
}
