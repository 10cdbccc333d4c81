import AsyncHTTPClient
package import Auth
import Foundation
package import MCP
import NIOCore
import NIOHTTP1

/// `upstream.call`: asks another service, as this server and not as its caller.
///
/// The caller's token was issued for this server and goes no further (MCP 2025-11-25, Authorization, Access Token Privilege
/// Restriction): the tool is never given it. What it shows upstream is a token of the server's own, if any.
package struct UpstreamTool: Sendable {
    private static let deadline = TimeAmount.seconds(2)
    private static let maximumSize = 64 * 1024
    /// Follows nobody anywhere: what is shown upstream is for that service.
    private static let http = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow, timeout: .init(connect: deadline)))
    private let url: String
    private let token: Secret<String>?

    /// - Throws: `StartFailure` for a token that cannot be read.
    package init(_ configuration: ServerConfiguration.Upstream) throws {
        url = configuration.url
        token = try configuration.tokenFile.map { path in
            guard let data = try? Data(contentsOf: URL(filePath: path)), let text = String(validating: data, as: UTF8.self) else {
                throw StartFailure("\(path): cannot be read")
            }
            return Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    package var tool: ServerTool {
        ServerTool(
            Tool(
                name: "upstream.call", description: "Asks the service behind this one, and says what it answered.",
                inputSchema: Schema.object([:], required: []), isReadOnly: true),
            scopes: ["mcp:read"]
        ) { (call) throws(ToolFailure) in
            try call.only()
            return .result(try await ask(showing: token))
        }
    }

    /// - Parameter token: What is shown upstream; nil for nothing.
    package func ask(showing token: Secret<String>?) async throws(ToolFailure) -> ToolResult {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Accept", value: "application/json")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token.reveal())") }
        do {
            let response = try await Self.http.execute(request, timeout: Self.deadline)
            let body = try await response.body.collect(upTo: Self.maximumSize)
            guard response.status == .ok else { throw ToolFailure("the service answered HTTP \(response.status.code)") }
            return ToolResult(["status": .integer(Int(response.status.code)), "bytes": .integer(body.readableBytes)])
        } catch let failure as ToolFailure {
            throw failure
        } catch {
            throw ToolFailure("the service did not answer")
        }
    }
}
