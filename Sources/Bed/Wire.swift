import Foundation
import Probing
import Scenarios

/// How a tool call looks on the wire in one era of MCP; or in plain HTTP, for a subject that speaks no MCP.
struct Wire: Sendable {
    /// `2026-07-28` or `2025-11-25`.
    var era: String
    /// What the subject has in the place of our canary.
    var calls: [String: SubjectCall] = [:]
    /// The version of TLS to speak; nil for the newest that both sides have.
    var tls: ProbeRequest.TLSVersion?

    var isStateless: Bool { era >= "2026" || speaksPlainHTTP }

    private var speaksPlainHTTP: Bool { if case .http? = calls["read"] { true } else { false } }

    /// What the subject has in the place of a tool of our canary's; nil for the tool itself.
    private func own(_ tool: String) -> SubjectCall? {
        ["canary.read": "read", "canary.write": "write"][tool].flatMap { calls[$0] }
    }

    /// - Parameter progress: Whether the server is asked to tell of its progress.
    func call(
        _ tool: String, arguments: String = "{}", progress: Bool = false, url: String, authorization: [String], session: String?
    ) -> ProbeRequest {
        var (tool, arguments) = (tool, arguments)
        switch own(tool) {
        case .http(let method, let path, let body): return plain(method, path, body, url, authorization)
        case .tool(let name, let own): (tool, arguments) = (name, own)
        case nil: break
        }
        let token = progress ? #""progressToken":"\#(tool)""# : ""
        if isStateless {
            let meta =
                #""_meta":{\#(token)\#(progress ? "," : "")"io.modelcontextprotocol/protocolVersion":"\#(era)","io.modelcontextprotocol/clientInfo":{"name":"authbed","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}"#
            return post(
                url, authorization,
                [("MCP-Protocol-Version", era), ("Mcp-Method", "tools/call"), ("Mcp-Name", tool)],
                #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments),\#(meta)}}"#)
        }
        var fields = [("MCP-Protocol-Version", era)]
        if let session { fields.append(("MCP-Session-Id", session)) }
        let meta = progress ? #","_meta":{\#(token)}"# : ""
        return post(
            url, authorization, fields,
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)\#(meta)}}"#)
    }

    /// A call whose answer goes on: an event each so many seconds, more of them than any story lasts.
    func stream(every seconds: Double, url: String, authorization: [String], session: String?) -> ProbeRequest {
        call(
            "canary.stream", arguments: #"{"count":10000,"interval_ms":\#(Int((seconds * 1000).rounded()))}"#, progress: true, url: url,
            authorization: authorization, session: session)
    }

    enum StreamPart {
        case progress
        /// The answer itself, after which nothing comes.
        case end(String)
    }

    /// What the data of an event on such a stream says.
    static func streamPart(_ data: String) -> StreamPart {
        guard let message = (try? JSONSerialization.jsonObject(with: Data(data.utf8))) as? [String: Any] else { return .progress }
        if let error = message["error"] as? [String: Any] {
            return .end("the stream ended: \(error["message"] as? String ?? "an error")")
        }
        return message["result"] == nil ? .progress : .end("the stream ended with a result")
    }

    func initialize(url: String, authorization: [String]) -> ProbeRequest {
        post(
            url, authorization, [],
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(era)","capabilities":{},"clientInfo":{"name":"authbed","version":"1"}}}"#
        )
    }

    func initialized(url: String, authorization: [String], session: String?) -> ProbeRequest {
        var fields = [("MCP-Protocol-Version", era)]
        if let session { fields.append(("MCP-Session-Id", session)) }
        return post(url, authorization, fields, #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
    }

    private func plain(_ method: String, _ path: String, _ body: String, _ url: String, _ authorization: [String]) -> ProbeRequest {
        let start = url.range(of: "://").flatMap { url[$0.upperBound...].firstIndex(of: "/") } ?? url.endIndex
        var headers = authorization.map { ProbeHeader(name: "Authorization", value: $0) }
        if !body.isEmpty {
            headers.append(ProbeHeader(name: "Content-Type", value: body.hasPrefix("{") ? "application/json" : "text/plain"))
        }
        var request = ProbeRequest(method: method, url: url[..<start] + path, headers: headers, body: Array(body.utf8))
        request.tls = tls
        return request
    }

    /// Whether an answer gives the caller what he asked for: a tool's result; in plain HTTP any 2xx (RFC 9110 section 15.3).
    func isAcceptance(status: Int, _ body: [UInt8], contentType: String) -> Bool {
        speaksPlainHTTP ? (200..<300).contains(status) : status == 200 && Self.toolResult(body, contentType: contentType) != nil
    }

    private func post(_ url: String, _ authorization: [String], _ fields: [(String, String)], _ body: String) -> ProbeRequest {
        var headers = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")]
        headers += authorization.map { ("Authorization", $0) } + fields
        var request = ProbeRequest(
            method: "POST", url: url, headers: headers.map { ProbeHeader(name: $0.0, value: $0.1) }, body: Array(body.utf8))
        request.tls = tls
        return request
    }

    /// The tool's result when the answer is one that a caller could use, else nil: an error in an HTTP 200 is no acceptance.
    static func toolResult(_ body: [UInt8], contentType: String) -> [String: Any]? {
        var text = String(decoding: body, as: UTF8.self)
        if contentType.hasPrefix("text/event-stream") {
            text = text.split(separator: "\n").last { $0.hasPrefix("data:") }.map { String($0.dropFirst(5)) } ?? ""
        }
        guard let message = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any],
            let result = message["result"] as? [String: Any], result["isError"] as? Bool != true, result["content"] is [Any]
        else { return nil }
        return result
    }
}
