import Foundation

/// What subjects said, made fit to be shown. The trace has no secrets any more; this is a second net, for what a subject
/// repeats in places where nobody expects it.
enum ShownText {
    /// - Returns: The text with everything that has the form of a secret replaced.
    static func safe(_ text: String) -> String {
        var text = text
        if text.contains(".eyJ") {
            text.replace(/eyJ[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]*/) { match in token(String(match.output)) }
        }
        if text.contains("sk_") { text.replace(/sk_[A-Za-z0-9]+_[A-Za-z0-9_\-]{12,}/) { _ in "[an API key, withheld]" } }
        if text.contains("PRIVATE KEY") {
            text.replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(-----END [A-Z ]*PRIVATE KEY-----)?/) { _ in "[a private key, withheld]" }
        }
        if text.contains("Basic ") { text.replace(/Basic [A-Za-z0-9+\/=]{8,}/) { _ in "Basic [withheld]" } }
        if ["client_secret", "password", "refresh_token", "access_token", "code_verifier", "assertion"].contains(where: text.contains) {
            let words = /(client_secret|password|refresh_token|access_token|code_verifier|assertion)("?\s*[=:]\s*"?)([^"&\s,}…\[]{6,})/
            text.replace(words) { match in "\(match.output.1)\(match.output.2)[withheld]" }
        }
        return text
    }

    /// A signed token without its signature: a proof of possession is there to be read, once nobody can send it again.
    private static func token(_ text: String) -> String {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = object(parts[0]), header["typ"] as? String == "dpop+jwt", let claims = object(parts[1]) else {
            return "[a token, withheld]"
        }
        var shown = header
        if shown["jwk"] != nil { shown["jwk"] = "…" }
        return "\(json(shown)) . \(json(claims)) . […]"
    }

    private static func object(_ part: Substring) -> [String: Any]? {
        var text = part.replacing("-", with: "+").replacing("_", with: "/")
        text += String(repeating: "=", count: (4 - text.count % 4) % 4)
        return Data(base64Encoded: String(text)).flatMap { try? JSONSerialization.jsonObject(with: $0) } as? [String: Any]
    }

    private static func json(_ value: [String: Any]) -> String {
        let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes])
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// A line that a reader can take in.
    static func short(_ line: some StringProtocol, limit: Int = 260) -> String {
        line.count > limit ? "\(line.prefix(limit))… (\(line.count - limit) more)" : String(line)
    }
}
