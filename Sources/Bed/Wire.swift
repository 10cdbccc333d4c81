import Foundation
import Probing

/// How a tool call looks on the wire in one era of MCP.
struct Wire: Sendable {
    /// `2026-07-28` or `2025-11-25`.
    var era: String

    var isStateless: Bool { era >= "2026" }

    /// - Parameter progress: Whether the server is asked to tell of its progress.
    func call(
        _ tool: String, arguments: String = "{}", progress: Bool = false, url: String, authorization: [String], session: String?
    ) -> ProbeRequest {
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

    private func post(_ url: String, _ authorization: [String], _ fields: [(String, String)], _ body: String) -> ProbeRequest {
        var headers = [("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")]
        headers += authorization.map { ("Authorization", $0) } + fields
        return ProbeRequest(
            method: "POST", url: url, headers: headers.map { ProbeHeader(name: $0.0, value: $0.1) }, body: Array(body.utf8))
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
