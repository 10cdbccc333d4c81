import Judge
import Trace

/// The refused call beside its accepted twin, as text: lines that are the same once, lines that differ side by side.
struct WirePair {
    struct Line: Hashable {
        enum Side: String { case both, accepted, refused }
        var side: Side
        var text: String
    }

    /// The accepted call; nil where there is none to show.
    let twin: CellEvidence.Call?
    let call: CellEvidence.Call

    /// Fields that are the same in every request, or differ in every answer and tell nothing.
    private static let dull: Set<String> = [
        "date", "content-length", "x-request-id", "connection", "keep-alive", "cache-control", "content-type", "accept",
        "mcp-protocol-version", "mcp-method",
    ]
    private static let lineLimit = 24

    /// What was sent: the twin's lines and the other's, aligned.
    var sent: [Line] {
        let bent = Self.lines(call.event.sent)
        guard let twin else { return bent.map { Line(side: .refused, text: $0) } }
        return Self.aligned(Self.lines(twin.event.sent), bent)
    }

    func answer(_ call: CellEvidence.Call) -> [String] { Self.answer(to: call.event) }

    /// What came back, without what tells nothing.
    static func answer(to call: CallEvent) -> [String] {
        var lines = Self.lines(call.received)
        // That it was accepted is told by the first line; what the tool answered is told by the trace.
        if call.outcome == .accepted { lines = lines.map { ShownText.short($0, limit: 100) } }
        return lines.isEmpty ? [call.face ?? call.outcome.rawValue] : lines
    }

    /// What is bent, or what else is different about the refused call; nil where there is nothing to compare with.
    var difference: String? {
        if let bent = call.event.bent { return bent }
        guard let twin else { return nil }
        if twin.event.credential != call.event.credential {
            return "the credential: \(call.event.credential) in place of \(twin.event.credential)"
        }
        if twin.event.channel != call.event.channel { return "the channel: \(call.event.channel) in place of \(twin.event.channel)" }
        return "the time: the same call, later"
    }

    /// The whole as text without ports, digests and request identifiers, to find out whether two schemes show the same.
    var likeness: String {
        let all =
            sent.map { "\($0.side.rawValue) \($0.text)" } + ["--"] + answer(call) + [difference ?? "", twin?.event.outcome.rawValue ?? ""]
        let text = Self.without(Self.without(all.joined(separator: "\n"), after: "127.0.0.1:"), after: "redacted #")
        return text.contains("dpop+jwt") ? text.replacing(/"(jti|ath)":"[^"]*"|"iat":[0-9]+/, with: "") : text
    }

    private static func lines(_ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        let kept = ShownText.safe(text).split(separator: "\n").filter { line in
            !dull.contains(line.prefix { $0 != ":" }.lowercased())
        }
        let shown = kept.prefix(lineLimit).map { line -> String in
            // What every request says about this client is told once, in the trace.
            guard let meta = line.firstRange(of: ",\"_meta\":") else { return ShownText.short(line) }
            return ShownText.short(line[..<meta.lowerBound]) + ",…}}"
        }
        return kept.count > shown.count ? shown + ["… (\(kept.count - shown.count) more lines)"] : Array(shown)
    }

    /// The longest common lines in order; between them, the twin's own lines and then the other's.
    static func aligned(_ left: [String], _ right: [String]) -> [Line] {
        let a = left.map(normal), b = right.map(normal)
        var length = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in stride(from: a.count - 1, through: 0, by: -1) {
            for j in stride(from: b.count - 1, through: 0, by: -1) {
                length[i][j] = a[i] == b[j] ? length[i + 1][j + 1] + 1 : max(length[i + 1][j], length[i][j + 1])
            }
        }
        var lines: [Line] = []
        var i = 0, j = 0
        while i < a.count || j < b.count {
            if i < a.count, j < b.count, a[i] == b[j] {
                lines.append(Line(side: .both, text: right[j]))
                i += 1
                j += 1
            } else if j >= b.count || i < a.count && length[i + 1][j] >= length[i][j + 1] {
                lines.append(Line(side: .accepted, text: left[i]))
                i += 1
            } else {
                lines.append(Line(side: .refused, text: right[j]))
                j += 1
            }
        }
        return lines
    }

    /// Two calls may use different ports and tools: the canary that writes shows whether a refused call had an effect.
    private static func normal(_ line: String) -> String {
        without(line, after: "127.0.0.1:").replacing("canary.write", with: "canary.read")
    }

    /// Without the port or the digest that follows the word.
    private static func without(_ text: String, after word: String) -> String {
        guard text.contains(word) else { return text }
        let parts = text.split(separator: word, omittingEmptySubsequences: false)
        return parts.enumerated().map { $0.offset == 0 ? String($0.element) : String($0.element.drop { $0.isHexDigit }) }.joined(
            separator: word)
    }
}

extension CellEvidence {
    /// The call that shows a check's outcome, beside the accepted one that gives it its meaning.
    /// Nil where no text was kept that could be shown.
    func pair(for check: CheckResult) -> WirePair? {
        let shown = calls.filter { $0.event.sent != nil }
        let evidence = Set(check.evidence)
        guard
            let first = calls.first(where: { evidence.contains($0.n) && !($0.event.twin) && $0.event.outcome != .accepted })
                ?? calls.first(where: { evidence.contains($0.n) && $0.event.sent != nil })
                ?? calls.first(where: { evidence.contains($0.n) })
        else { return nil }
        let like = shown.first { $0.event.set == first.event.set && !$0.event.twin && $0.event.outcome == first.event.outcome }
        guard let call = first.event.sent == nil ? like : first else { return nil }
        guard call.event.outcome != .accepted || call.event.bent != nil else { return WirePair(twin: nil, call: call) }
        let welcome = shown.filter {
            $0.event.outcome == .accepted && $0.n != call.n && $0.event.bent == nil && $0.event.channel != "replayed"
        }
        let twin =
            welcome.last { $0.event.set == call.event.set && $0.event.twin && $0.begin <= call.begin }
            ?? welcome.first { $0.event.set == call.event.set && $0.event.twin }
            ?? welcome.last { $0.begin <= call.begin && $0.event.credential == call.event.credential } ?? welcome.first
        return WirePair(twin: twin, call: call)
    }
}
