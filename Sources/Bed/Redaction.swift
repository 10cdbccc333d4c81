import Foundation

/// Replaces secrets in text by what may be shown of them.
package enum Redaction {
    /// The first characters, and enough of a digest to tell two apart.
    static func mark(_ secret: String) -> String {
        let shown = secret.hasPrefix("sk_") ? String(secret.prefix(8)) : String(secret.prefix(4))
        return "\(shown)…[redacted #\(fingerprint(secret))]"
    }

    /// - Parameter secrets: Replaced wherever they occur; so is the value of any Authorization field.
    package static func apply(_ text: String, secrets: [String]) -> String {
        var text = text
        for secret in secrets where secret.count > 7 {
            text = text.replacingOccurrences(of: secret, with: mark(secret))
        }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard line.lowercased().hasPrefix("authorization:"), !line.contains("[redacted #") else { return String(line) }
            let value = line.dropFirst("authorization:".count).trimmingCharacters(in: .whitespaces)
            return "Authorization: " + mark(value.split(separator: " ").last.map(String.init) ?? value)
        }.joined(separator: "\n")
    }

    /// FNV-1a over the text: tells credentials apart in a report and cannot be turned back into 256 random bits.
    private static func fingerprint(_ text: String) -> String {
        var hash: UInt32 = 0x811C_9DC5
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return String(format: "%08x", hash)
    }
}
