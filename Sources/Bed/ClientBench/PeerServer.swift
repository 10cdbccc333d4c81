import Foundation
import Probing

/// The bed as an MCP server of either era, as much of it as a client needs to call a tool.
enum PeerServer {
    /// The answer to a request whose credential is good.
    static func answer(_ request: PeerRequest) -> PeerReply {
        guard request.method == "POST" else { return .status(405, [ProbeHeader(name: "Allow", value: "POST")]) }
        guard let message = (try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any],
            let method = message["method"] as? String
        else { return .json(400, #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"not a message"}}"#) }
        guard let id = message["id"] else { return .status(202) }
        let result: String
        switch method {
        case "initialize":
            let version = (message["params"] as? [String: Any])?["protocolVersion"] as? String ?? "2025-11-25"
            result =
                #"{"protocolVersion":\#(text(version)),"capabilities":{"tools":{}},"serverInfo":{"name":"authbed","version":"1"}}"#
        case "server/discover":
            result =
                #"{"resultType":"complete","supportedVersions":["2026-07-28","2025-11-25"],"capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"private","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"authbed","version":"1"}}}"#
        case "tools/list":
            result =
                #"{"tools":[{"name":"canary.read","description":"Reads.","inputSchema":{"type":"object"}},{"name":"canary.write","description":"Writes.","inputSchema":{"type":"object"}}],"resultType":"complete","ttlMs":0,"cacheScope":"private"}"#
        case "tools/call": result = #"{"content":[{"type":"text","text":"{\"writes\":0}"}],"resultType":"complete"}"#
        case "ping": result = "{}"
        default:
            return .json(200, #"{"jsonrpc":"2.0","id":\#(text(id)),"error":{"code":-32601,"message":"no such method"}}"#)
        }
        return .json(200, #"{"jsonrpc":"2.0","id":\#(text(id)),"result":\#(result)}"#)
    }

    /// The name of the method that a message calls; nil for what is none.
    static func method(of request: PeerRequest) -> String? {
        ((try? JSONSerialization.jsonObject(with: Data(request.body))) as? [String: Any])?["method"] as? String
    }

    private static func text(_ value: Any) -> String {
        (try? JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed])).map { String(decoding: $0, as: UTF8.self) }
            ?? "null"
    }
}
