/// A JSON value as somebody else wrote it, kept by type: the text `"1"` is not the number 1, and neither is `true`.
package enum JSONValue: Sendable, Hashable {
    case object([String: JSONValue])
    case array([JSONValue])
    case string(String)
    /// Infinite where the text is too large for a double, such as `1e400`.
    case number(Double)
    case bool(Bool)
    case null

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The number where there is a finite one.
    package var number: Double? {
        if case .number(let value) = self, value.isFinite { value } else { nil }
    }

    package var object: [String: JSONValue]? {
        if case .object(let value) = self { value } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The strings, where it is an array of strings only.
    package var strings: [String]? {
        guard let array else { return nil }
        let strings = array.compactMap(\.string)
        return strings.count == array.count ? strings : nil
    }
}

extension String {
    /// Whether two strings are the same code points, as RFC 7519 section 2 and RFC 8414 section 2 ask of identifiers. Swift's
    /// `==` also calls strings equal that are only canonically equivalent.
    package func isIdentical(to other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}
