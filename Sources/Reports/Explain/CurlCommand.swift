import Trace

/// A recorded request as a command of curl's, for whoever wants to see with his own hands what came of it.
///
/// Secrets are not in a trace; in their place stand variables of the shell.
struct CurlCommand {
    /// Nil for what is no HTTP request, such as the octets of a handshake.
    let text: String?

    /// What curl writes by itself, or what only the recorded connection needed.
    private static let own: Set<String> = ["content-length", "host", "connection", "user-agent"]

    /// - Parameters:
    ///   - sent: As a trace keeps it: method and URL, a line for each field, a blank line, the body.
    ///   - showsCertificate: Whether callers have one.
    init(sent: String, showsCertificate: Bool) {
        let parts = sent.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = parts[0].split(separator: "\n")
        guard let start = lines.first?.wholeMatch(of: /([A-Z]+) https?:\/\/[^\/ ]+(\/[^ ]*)?/) else {
            text = nil
            return
        }
        var words = ["curl --include"]
        if start.output.1 != "GET", start.output.1 != "POST" { words.append("--request \(start.output.1)") }
        words.append("--cacert ca.pem")
        if showsCertificate { words.append("--cert caller.pem --key caller.key") }
        words.append(Self.quoted("$SERVER\(start.output.2 ?? "/")"))
        for line in lines.dropFirst() where !Self.own.contains(line.prefix { $0 != ":" }.lowercased()) {
            words.append("-H \(Self.quoted(String(line)))")
        }
        let body = parts.count > 1 ? String(parts[1]) : ""
        if !body.isEmpty {
            words.append("--data-binary \(Self.quoted(body))")
        } else if start.output.1 == "POST" {
            words.append("--data ''")
        }
        text = words.joined(separator: " \\\n    ")
    }

    /// A word of the shell: in single quotation marks, which hold everything, and variables in double ones.
    private static func quoted(_ text: String) -> String {
        var words = "", rest = text[...]
        func literal(_ part: Substring) -> String { part.isEmpty ? "" : "'" + part.replacing("'", with: #"'\''"#) + "'" }
        while let match = rest.firstMatch(of: /\$SERVER|[^\s"&=:]*…\[redacted #[0-9a-f]+\]/) {
            words += literal(rest[..<match.range.lowerBound]) + (match.output == "$SERVER" ? "\"$SERVER\"" : "\"$CREDENTIAL\"")
            rest = rest[match.range.upperBound...]
        }
        return words + literal(rest)
    }
}
