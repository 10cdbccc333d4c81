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
        for secret in secrets where secret.utf8.count > 7 && occurs(secret, in: text) {
            text = text.replacingOccurrences(of: secret, with: mark(secret))
        }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard line.prefix("authorization:".count).lowercased() == "authorization:", !line.contains("[redacted #") else {
                return String(line)
            }
            let value = line.dropFirst("authorization:".count).trimmingCharacters(in: .whitespaces)
            return "Authorization: " + mark(value.split(separator: " ").last.map(String.init) ?? value)
        }.joined(separator: "\n")
    }

    /// Octet by octet: most texts hold none of the many secrets that they are searched for.
    private static func occurs(_ secret: String, in text: String) -> Bool {
        var (secret, text) = (secret, text)
        return secret.withUTF8 { secret in
            text.withUTF8 { text in
                guard let sought = secret.baseAddress, var at = text.baseAddress, secret.count <= text.count else { return false }
                let last = at + (text.count - secret.count)
                while at <= last, let found = memchr(at, Int32(secret[0]), last - at + 1) {
                    if memcmp(found, sought, secret.count) == 0 { return true }
                    at += UnsafeRawPointer(found) - UnsafeRawPointer(at) + 1
                }
                return false
            }
        }
    }

    /// FNV-1a over the text: tells credentials apart in a report and cannot be turned back into 256 random bits.
    private static func fingerprint(_ text: String) -> String {
        var hash: UInt32 = 0x811C_9DC5
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return String(format: "%08x", hash)
    }
}
