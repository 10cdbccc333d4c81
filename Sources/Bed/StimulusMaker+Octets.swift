import Foundation
import Probing
import Scenarios

/// Octets that no client sends.
extension StimulusMaker {
    func octets(_ how: String, _ tool: String) -> Stimulus {
        var stimulus = Stimulus(baseline, "octets: \(how)")
        stimulus.octets = { request in Self.message(request, how) }
        return stimulus
    }

    /// Seconds for an answer that has nothing to wait for: more than a busy machine takes, and less than servers wait for a body.
    private static let patience = 6.0

    /// The head of a request and the beginning of its body, of which the rest never comes.
    func unfinished() -> @Sendable (ProbeRequest) async -> ProbeAnswer {
        { [stage] request in
            let beginning = Self.message(request, "unfinished-body")
            var answer = await RawExchange.send(beginning, to: request.url, ca: stage.maker.ca, identity: nil, timeout: Self.patience)
            if case .dropped = answer.outcome { answer.outcome = .continued("waits for the rest of a body before it asks who is calling") }
            return answer
        }
    }

    /// The request as HTTP/1.1, with one thing in it that should not be there.
    static func message(_ request: ProbeRequest, _ how: String) -> [UInt8] {
        let url = URL(string: request.url)
        let authority = "\(url?.host() ?? "127.0.0.1"):\(url?.port ?? 443)"
        var lines: [[UInt8]] = [Array("\(request.method) \(url?.path() ?? "/mcp") HTTP/1.1".utf8)]
        func add(_ text: String) { lines.append(Array(text.utf8)) }
        switch how {
        case "garbage": return (0..<512).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
        case "http-0.9": return Array("GET /mcp\r\n\r\n".utf8)
        case "tls-in-tls": return [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3] + [UInt8](repeating: 0, count: 64)
        default: break
        }
        if how == "two-hosts" { add("Host: evil.example") }
        if how != "no-host" { add("Host: \(authority)") }
        for field in request.headers {
            var value = Array(field.value.utf8)
            if field.isNamed("Authorization") { value = authorization(value, how) }
            let gap = how == "space-before-colon" && field.isNamed("Authorization") ? " " : ""
            lines.append(Array("\(field.name)\(gap): ".utf8) + value)
        }
        switch how {
        case "folded": add(" and more of it")
        case "many-fields": for number in 0..<10_000 { add("X-Field-\(number): x") }
        case "long-field": add("X-Long: \(String(repeating: "a", count: 1 << 20))")
        default: break
        }
        var body = request.body
        switch how {
        case "unfinished-body": add("Content-Length: \(body.count + 4096)")
        case "two-lengths": add("Content-Length: \(body.count)\r\nContent-Length: 0")
        case "bad-length": add("Content-Length: -1")
        case "bad-chunk":
            add("Transfer-Encoding: chunked")
            body = Array("zz\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8)
        default: add("Content-Length: \(body.count)")
        }
        let head = Array(lines.joined(separator: Array("\r\n".utf8)))
        return head + Array("\r\n\r\n".utf8) + body
    }

    private static func authorization(_ value: [UInt8], _ how: String) -> [UInt8] {
        let bearer = Array("Bearer ".utf8)
        return switch how {
        case "non-ascii": bearer + [0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x94, 0x91]
        case "overlong": bearer + [0xC0, 0xAF, 0xE0, 0x80, 0xAF]
        case "high-octets": bearer + [0xFF, 0xFE, 0x80, 0x81]
        case "nul": value + [0]
        case "delete": value + [0x7F]
        case "bare-cr": value + [0x0D] + Array("X-Injected: 1".utf8)
        case "long-credential": bearer + [UInt8](repeating: UInt8(ascii: "A"), count: 16 << 10)
        case "longest-credential": bearer + [UInt8](repeating: UInt8(ascii: "A"), count: 256 << 10)
        default: value
        }
    }
}
