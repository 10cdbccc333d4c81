import Yams

/// YAML written as JSON text, for the members of a token.
///
/// A plain scalar that is itself a JSON number, `true`, `false` or `null` is that; everything else is a string.
enum JSONText {
    /// A bare `~` takes a member away; a null value is written `null`.
    static func isRemoval(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style == .plain && scalar.string == "~"
    }

    static func text(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar):
            if scalar.style == .plain, isLiteral(scalar.string) { return scalar.string }
            return quoted(scalar.string)
        case .sequence(let sequence): return "[" + sequence.map(text).joined(separator: ",") + "]"
        case .mapping(let mapping):
            return "{" + mapping.map { quoted($0.key.scalar?.string ?? "") + ":" + text($0.value) }.joined(separator: ",") + "}"
        case .alias: return "null"
        }
    }

    private static func isLiteral(_ text: String) -> Bool {
        if ["true", "false", "null"].contains(text) { return true }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        // JSON writes no leading zeros (RFC 8259 section 6).
        guard Quantity.decimal(digits) != nil else { return false }
        return !digits.hasPrefix("0") || digits == "0" || digits.hasPrefix("0.")
    }

    /// RFC 8259 section 7: quotes, backslashes and control characters are escaped.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
