import Foundation
import Probing
import Scenarios

/// Requests that are not as they should be, with or without a credential.
extension StimulusMaker {
    func request(_ change: Bend.RequestChange) -> Stimulus {
        let words =
            [change.method, change.path].compactMap { $0 }
            + change.fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value ?? "absent")" }
        var stimulus = Stimulus(baseline, "request: \(words.joined(separator: ", "))")
        stimulus.change = { request in
            if let method = change.method { request.method = method }
            if let path = change.path, let url = URL(string: request.url), let host = url.host() {
                request.url = "\(url.scheme ?? "https")://\(host):\(url.port ?? 443)\(path)"
            }
            for (name, value) in change.fields { request.set(name, value) }
        }
        return stimulus
    }

    func tooled(_ name: String) -> Stimulus {
        var stimulus = Stimulus(baseline, "tool: \(name)")
        stimulus.change = { request in
            let isPlain = name.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            // Value Encoding of the stateless era: what a field may not hold travels in Base64.
            if request.headers.contains(where: { $0.isNamed("Mcp-Name") }) {
                request.set("Mcp-Name", isPlain ? name : "=?base64?\(Data(name.utf8).base64EncodedString())?=")
            }
            let quoted = String(decoding: (try? JSONEncoder().encode(name)) ?? Data(), as: UTF8.self)
            request.body = Array(
                String(decoding: request.body, as: UTF8.self).replacingOccurrences(
                    of: #""name":"canary.write""#, with: "\"name\":\(quoted)"
                ).utf8)
        }
        return stimulus
    }

    func body(_ how: String) -> Stimulus {
        var stimulus = Stimulus(baseline, "body: \(how)")
        stimulus.change = { request in
            let whole = String(decoding: request.body, as: UTF8.self)
            let read = whole.replacingOccurrences(of: "canary.write", with: "canary.read")
            let both = { (one: String, other: String) in
                whole.replacingOccurrences(of: #""name":"canary.write""#, with: #""name":"\#(one)","name":"\#(other)""#)
            }
            let text: String =
                switch how {
                case "batch": "[\(read),\(whole)]"
                case "batch-reversed": "[\(whole),\(read)]"
                case "repeated-name": both("canary.read", "canary.write")
                case "repeated-name-reversed": both("canary.write", "canary.read")
                case "repeated-method":
                    whole.replacingOccurrences(of: #""method":"tools/call""#, with: #""method":"tools/list","method":"tools/call""#)
                case "repeated-params": whole.replacingOccurrences(of: #""params":{"#, with: #""params":{},"params":{"#)
                case "name-as-list": whole.replacingOccurrences(of: #""name":"canary.write""#, with: #""name":["canary.write"]"#)
                case "not-json": "canary.write"
                case "response": #"{"jsonrpc":"2.0","id":1,"result":{}}"#
                case "deep": String(repeating: "[", count: 100_000)
                default: ""
                }
            request.body = how == "not-utf-8" ? request.body.dropLast(2) + [0xC3, 0x28, 0x7D, 0x7D] : Array(text.utf8)
        }
        return stimulus
    }

    /// What somebody without a credential may try.
    func unauthenticated(_ what: String) -> Stimulus {
        var credential = fresh
        (credential.apiKey, credential.token) = (nil, nil)
        // A session is none: nothing is opened for it first.
        credential.session = stage.maker.wire.isStateless ? nil : baseline.session ?? "none"
        var stimulus = Stimulus(credential, "without a credential: \(what)")
        stimulus.authorization = []
        // To be told what a page may ask is no entry (Fetch, CORS preflight).
        stimulus.anySuccess = what != "options"
        let era = stage.maker.wire.era
        stimulus.change = { request in
            if let method = Self.methods[what] { return request.ask(method, era) }
            switch what {
            case "notification": request.tell("notifications/cancelled")
            case "response": request.body = Array(#"{"jsonrpc":"2.0","id":1,"result":{}}"#.utf8)
            case "get": request.use("GET", accept: "text/event-stream")
            case "delete", "put", "head", "options", "patch": request.use(what.uppercased(), accept: "*/*")
            case "metadata", "metadata-of-the-host":
                request.use("GET", accept: "application/json")
                request.move(to: "/.well-known/oauth-protected-resource\(what == "metadata" ? "/mcp" : "")", "GET")
            case "article-tool":
                request.url += "/tools/canary.write"
                request.body = Array("{}".utf8)
            case "old-stream": request.move(to: "/sse", "GET")
            case "old-messages": request.move(to: "/messages", "POST")
            case "old-message": request.move(to: "/message", "POST")
            case "slash": request.url += "/"
            case "query": request.url += "?x=1"
            case "double-slash": request.respell { "/" + $0 }
            case "dot-segments": request.respell { "/health/.." + $0 }
            case "encoded-path":
                request.respell { path in
                    let letter = path.unicodeScalars.first { $0 != "/" } ?? "/"
                    return path.replacingOccurrences(of: String(letter), with: "%" + String(letter.value, radix: 16))
                }
            case "path-parameter": request.respell { $0 + ";x=1" }
            case "capitals": request.respell { $0.uppercased() }
            case "version-2024-11-05", "version-2025-03-26": request.set("MCP-Protocol-Version", String(what.dropFirst("version-".count)))
            case "large-body": request.body = [UInt8](repeating: UInt8(ascii: " "), count: 4 << 20)
            case "deep-body": request.body = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
            default: break
            }
        }
        if what == "unfinished-body" { stimulus.exchange = unfinished() }
        return stimulus
    }

    private static let methods = [
        "list": "tools/list", "discover": "server/discover", "initialize": "initialize", "ping": "ping", "resources": "resources/list",
        "prompts": "prompts/list",
    ]
}

extension ProbeRequest {
    /// A request that names no tool.
    fileprivate mutating func ask(_ method: String, _ era: String) {
        set("Mcp-Name", nil)
        if headers.contains(where: { $0.isNamed("Mcp-Method") }) { set("Mcp-Method", method) }
        let text = String(decoding: body, as: UTF8.self)
        guard let meta = text.range(of: #""_meta":"#), era >= "2026" else {
            let parameters =
                method == "initialize"
                ? #"{"protocolVersion":"\#(era)","capabilities":{},"clientInfo":{"name":"authbed","version":"1"}}"# : "{}"
            body = Array(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(parameters)}"#.utf8)
            return
        }
        body = Array((#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"# + text[meta.lowerBound...]).utf8)
    }

    fileprivate mutating func tell(_ method: String) {
        set("Mcp-Name", nil)
        if headers.contains(where: { $0.isNamed("Mcp-Method") }) { set("Mcp-Method", method) }
        body = Array(#"{"jsonrpc":"2.0","method":"\#(method)"}"#.utf8)
    }

    fileprivate mutating func use(_ method: String, accept: String) {
        (self.method, body) = (method, [])
        set("Accept", accept)
        set("Content-Type", nil)
    }

    /// The same path in another spelling.
    fileprivate mutating func respell(_ spelling: (String) -> String) {
        guard let start = url.range(of: "://").flatMap({ url[$0.upperBound...].firstIndex(of: "/") }) else { return }
        url = url[..<start] + spelling(String(url[start...]))
    }

    fileprivate mutating func move(to path: String, _ method: String) {
        self.method = method
        if method == "GET" { body = [] }
        if url.hasSuffix("/mcp") { url = String(url.dropLast(4)) + path }
    }
}
