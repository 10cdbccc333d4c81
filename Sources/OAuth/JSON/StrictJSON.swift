import Auth

/// Reads JSON (RFC 8259) that an attacker may have written.
///
/// It refuses what readers disagree about: two members of one name (RFC 7515 section 4, RFC 7519 section 4), text behind the
/// value, bytes that are not UTF-8, lone surrogates. Nesting is bounded, so that no input can exhaust the stack, and so are marks in a row.
package struct StrictJSON {
    package struct Malformed: Error, Equatable {
        /// Where in the text it was noticed, in bytes from its start.
        package let offset: Int
    }

    package static let maximumDepth = 32

    private let bytes: [UInt8]
    private var offset = 0

    /// - Throws: ``Malformed`` when the bytes are not exactly one JSON value.
    package static func parse(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        var reader = StrictJSON(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.offset == bytes.count else { throw Malformed(offset: reader.offset) }
        return value
    }

    /// - Throws: ``Malformed`` when the bytes are not exactly one JSON object.
    package static func parseObject(_ bytes: [UInt8]) throws(Malformed) -> [String: JSONValue] {
        guard let members = try parse(bytes).object else { throw Malformed(offset: 0) }
        return members
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func value(depth: Int) throws(Malformed) -> JSONValue {
        guard depth < Self.maximumDepth else { throw malformed }
        skipBlanks()
        switch peek {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(Malformed) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        offset += 1
        skipBlanks()
        if skip("}") { return members }
        repeat {
            skipBlanks()
            let name = try string()
            skipBlanks()
            guard skip(":"), members[name] == nil else { throw malformed }
            members[name] = try value(depth: depth + 1)
            skipBlanks()
        } while skip(",")
        guard skip("}") else { throw malformed }
        return members
    }

    private mutating func array(depth: Int) throws(Malformed) -> [JSONValue] {
        var elements: [JSONValue] = []
        offset += 1
        skipBlanks()
        if skip("]") { return elements }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
        } while skip(",")
        guard skip("]") else { throw malformed }
        return elements
    }

    private mutating func string() throws(Malformed) -> String {
        guard skip("\"") else { throw malformed }
        var content: [UInt8] = []
        while let byte = peek {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self), text.isStreamSafe else { throw malformed }
                return text
            case UInt8(ascii: "\\"): try escape(into: &content)
            case 0..<0x20: throw malformed
            default: content.append(byte)
            }
        }
        throw malformed
    }

    private mutating func escape(into content: inout [UInt8]) throws(Malformed) {
        guard let byte = peek else { throw malformed }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw malformed
        }
    }

    private mutating func escapedScalar() throws(Malformed) -> Character {
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
            guard skip("\\"), skip("u") else { throw malformed }
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw malformed }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw malformed }
        return Character(scalar)
    }

    private mutating func hexadecimal() throws(Malformed) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw malformed }
            code = code << 4 | UInt32(digit)
            offset += 1
        }
        return code
    }

    /// RFC 8259 section 6: no leading zeros, no plus sign, digits on both sides of the point.
    private mutating func number() throws(Malformed) -> Double {
        let start = offset
        _ = skip("-")
        if !skip("0") { try digits() }
        if skip(".") { try digits() }
        if skip("e") || skip("E") {
            _ = skip("+") || skip("-")
            try digits()
        }
        guard let number = Double(String(decoding: bytes[start..<offset], as: UTF8.self)) else { throw malformed }
        return number
    }

    private mutating func digits() throws(Malformed) {
        let start = offset
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        guard offset > start else { throw malformed }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(Malformed) -> JSONValue {
        let end = offset + word.utf8CodeUnitCount
        guard end <= bytes.count, bytes[offset..<end].elementsEqual("\(word)".utf8) else { throw malformed }
        offset = end
        return value
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
    }

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private var malformed: Malformed { Malformed(offset: offset) }
}
