/// Reads `1#challenge` of RFC 9110 section 11.6.1, whose commas separate both challenges and parameters.
struct ChallengeReader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func challenges() -> [Challenge] {
        var found: [Challenge] = []
        skip { $0 == UInt8(ascii: ",") || Self.isSpace($0) }
        while let scheme = token() {
            guard at == bytes.count || Self.isSpace(bytes[at]) || bytes[at] == UInt8(ascii: ",") else { return found }
            skip(Self.isSpace)
            skipToken68()
            guard let parameters = parameters() else { return found }
            found.append(Challenge(scheme: scheme.lowercased(), parameters: parameters))
        }
        return found
    }

    /// The parameters up to the next challenge; nil when one of them is broken.
    private mutating func parameters() -> [String: String]? {
        var found: [String: String] = [:]
        var repeated: Set<String> = []
        while true {
            skip { $0 == UInt8(ascii: ",") || Self.isSpace($0) }
            let start = at
            guard at < bytes.count else { break }
            guard let name = token()?.lowercased() else { return nil }
            skip(Self.isSpace)
            guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else {
                // No parameter: the scheme of the next challenge.
                at = start
                break
            }
            at += 1
            skip(Self.isSpace)
            guard let value = quotedString() ?? token() else { return nil }
            guard at == bytes.count || bytes[at] == UInt8(ascii: ",") || Self.isSpace(bytes[at]) else { return nil }
            if found.updateValue(value, forKey: name) != nil { repeated.insert(name) }
        }
        return found.filter { !repeated.contains($0.key) }
    }

    /// A `token68` such as Negotiate has in place of parameters: the run before a comma or the end, and not a `name=value`.
    private mutating func skipToken68() {
        var end = at
        while end < bytes.count, Self.isToken68(bytes[end]) { end += 1 }
        while end < bytes.count, bytes[end] == UInt8(ascii: "=") { end += 1 }
        guard end > at, end == bytes.count || bytes[end] == UInt8(ascii: ",") else { return }
        at = end
    }

    private mutating func quotedString() -> String? {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
        var index = at + 1
        var value: [UInt8] = []
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                at = index + 1
                return String(validating: value, as: UTF8.self)
            case UInt8(ascii: "\\"):
                index += 1
                guard index < bytes.count else { return nil }
                value.append(bytes[index])
            case let byte where byte < 0x20 && byte != 0x09 || byte == 0x7F:
                return nil
            case let byte:
                value.append(byte)
            }
            index += 1
        }
        return nil
    }

    private mutating func token() -> String? {
        let start = at
        skip(Self.isTokenCharacter)
        return at > start ? String(decoding: bytes[start..<at], as: UTF8.self) : nil
    }

    private mutating func skip(_ allowed: (UInt8) -> Bool) {
        while at < bytes.count, allowed(bytes[at]) { at += 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func isToken68(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-._~+/".utf8.contains(byte)
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
