/// The parameters of a query or form (`application/x-www-form-urlencoded`), every value of each.
package struct FormParameters: Sendable, Equatable {
    package let values: [String: [String]]

    package init(_ values: [String: [String]]) {
        self.values = values
    }

    /// Nil for a broken escape, or what is no UTF-8 behind it.
    package init?(parsing text: String) {
        var values: [String: [String]] = [:]
        for pair in text.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = Self.decode(parts.count == 2 ? parts[1] : "") else { return nil }
            values[name, default: []].append(value)
        }
        self.values = values
    }

    /// The value of a parameter that is there exactly once: given twice, nobody can say which one is meant (RFC 6749 section 3.1).
    package subscript(name: String) -> String? {
        guard let all = values[name], all.count == 1 else { return nil }
        return all[0]
    }

    package func isRepeated(_ name: String) -> Bool { (values[name]?.count ?? 0) > 1 }

    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
    }
}
