/// Why a text is not a JSON document that this program accepts, and at which byte.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    package var offset: Int

    package var description: String { "\(message) at byte \(offset)" }
}

extension JSONValue {
    /// Reads one JSON document (RFC 8259), strictly.
    ///
    /// Duplicate member names are refused: section 4 calls their meaning unpredictable, and a body must mean the
    /// same to whoever decides about it as to whoever acts on it. Nesting is bounded, since the parser recurses.
    package init(parsing bytes: some Sequence<UInt8>, maximumDepth: Int = 64) throws(JSONError) {
        var parser = JSONParser(bytes: Array(bytes), maximumDepth: maximumDepth)
        self = try parser.document()
    }

    package init(parsing text: String) throws(JSONError) {
        try self.init(parsing: text.utf8)
    }
}

/// A document together with where in its text each member stands, for messages about documents that people write.
package struct JSONDocument: Sendable {
    package var value: JSONValue
    /// Byte offsets of values, by JSON Pointer (RFC 6901, without its escapes).
    private let offsets: [String: Int]
    private let bytes: [UInt8]

    package init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
        self.bytes = Array(bytes)
        var parser = JSONParser(bytes: self.bytes, maximumDepth: 64)
        parser.offsets = [:]
        value = try parser.document()
        offsets = parser.offsets ?? [:]
    }

    /// Line and column, counted from one, of the value at a pointer such as `/listen/port`.
    package func position(of pointer: String) -> (line: Int, column: Int) {
        Self.position(of: offsets[pointer] ?? 0, in: bytes)
    }

    /// Line and column, counted from one, of a byte.
    package static func position(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        let before = bytes.prefix(offset)
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return (before.count { $0 == 0x0A } + 1, offset - lineStart + 1)
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    let maximumDepth: Int
    var position = 0
    /// Kept only when asked for.
    var offsets: [String: Int]?
    private var path: [String] = []

    init(bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw error("more than one value") }
        return value
    }

    private func error(_ message: String) -> JSONError { JSONError(message: message, offset: position) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < maximumDepth else { throw error("nested deeper than \(maximumDepth)") }
        skipSpace()
        guard let next else { throw error("expected a value") }
        offsets?[path.map { "/" + $0 }.joined()] = position
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw error("expected a value")
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw error("expected a value") }
        position += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var members: [String: JSONValue] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("expected a member name") }
            let name = try string()
            // Swift compares by canonical equivalence, so composed and decomposed spellings of a name clash as well.
            guard members.index(forKey: name) == nil else { throw error("duplicate member") }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("expected a colon") }
            if offsets != nil { path.append(name) }
            members[name] = try value(depth: depth + 1)
            if offsets != nil { path.removeLast() }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw error("expected a comma or the end of the object") }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var values: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(values) }
        while true {
            if offsets != nil { path.append(String(values.count)) }
            values.append(try value(depth: depth + 1))
            if offsets != nil { path.removeLast() }
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(values) }
            guard take(UInt8(ascii: ",")) else { throw error("expected a comma or the end of the array") }
        }
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw error("expected a digit") }
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        var isWhole = true
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) {
            isWhole = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isWhole = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw error("number out of range") }
        return .number(value)
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else { throw error("text is not UTF-8") }
                guard Self.isStreamSafe(string) else { throw error("more than thirty combining marks in a row") }
                return string
            case UInt8(ascii: "\\"):
                position += 1
                text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw error("unescaped control character")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error("unterminated string")
    }

    /// The Stream-Safe Text Format (Unicode Standard Annex #15, section 13). To compare or look up a text Swift puts its marks in order,
    /// in time that grows with the square of their number: minutes for what fits into one request.
    private static func isStreamSafe(_ text: String) -> Bool {
        // The first mark of all is U+0300, which begins with 0xCC.
        guard text.utf8.count > 60, text.utf8.contains(where: { $0 >= 0xCC }) else { return true }
        var marks = 0
        for scalar in text.unicodeScalars {
            // Three are no marks themselves, and fall apart into marks.
            let isMark =
                scalar.value >= 0x300
                && (scalar.properties.canonicalCombiningClass != .notReordered || [0xF73, 0xF75, 0xF81].contains(scalar.value))
            marks = isMark ? marks + 1 : 0
            if marks > 30 { return false }
        }
        return true
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard let byte = next else { throw error("unterminated string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error("unknown escape")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        // A high surrogate must be followed by a low one; a half alone is no character.
        guard (0xD800..<0xDC00).contains(unit), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw error("half a surrogate pair")
        }
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw error("half a surrogate pair") }
        return scalar
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw error("expected four hexadecimal digits")
            }
            value = value << 4 + UInt32(digit)
            position += 1
        }
        return value
    }
}
