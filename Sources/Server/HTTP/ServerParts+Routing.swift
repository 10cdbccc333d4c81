import HTTPTypes
package import Hummingbird
import MCP
import OAuth
import Serving

import class Foundation.JSONEncoder

extension ServerParts {
    /// The right way to answer: transport rules first, then the endpoint that the path names, exactly.
    package static let standardRespond: @Sendable (ServerParts, ServerRequest, RequestContent) async throws -> Response = {
        parts, request, content in
        try parts.checkHost(of: request)
        // Programs send none.
        try OriginRule.check(request.headers, allowed: [parts.endpoints.url, parts.endpoints.plaintext].compactMap { $0 })
        let now = parts.clock()
        let settled = await parts.withProof(await parts.forwarding(parts, request, now), at: now)
        var response = try await parts.route(settled, content)
        // With every answer, so that a client learns the next nonce before it needs one (RFC 9449 section 8.2).
        if let nonces = parts.nonces, case .proven = request.bearer { response.headers[.dpopNonce] = nonces.current(at: now) }
        return response
    }

    private func route(_ request: ServerRequest, _ content: RequestContent) async throws -> Response {
        guard !request.isOnHealthListener || request.path == Path.health else { throw RequestRefusal(.notFound, "not found") }
        // Compared as sent: a path that only another reading makes equal is another path.
        switch request.path {
        case Path.mcp: return try await respondMCP(request, content)
        case Path.health: return try await respondHealth(request)
        case Path.metadata, Path.metadata + Path.mcp: return try respondMetadata(request)
        default:
            guard request.path.hasPrefix(Path.tools) else { throw RequestRefusal(.notFound, "not found") }
            return try await respondTool(String(request.path.dropFirst(Path.tools.count)), request, content)
        }
    }

    /// RFC 9110 section 7.4: a request for another host was not meant for this server, or was led here by DNS rebinding.
    private func checkHost(of request: ServerRequest) throws {
        guard let host = Self.host(of: try HostRule.host(request.authority, request.headers)),
            endpoints.hosts.contains(host) || servedNames.contains(host)
        else {
            throw RequestRefusal(.misdirectedRequest, "not a host of this server")
        }
    }

    private static func host(of authority: String) -> String? {
        if authority.hasPrefix("[") {
            return authority.firstIndex(of: "]").map { String(authority[...$0]).lowercased() }
        }
        return authority.split(separator: ":", omittingEmptySubsequences: false).first?.lowercased()
    }

    private func respondMetadata(_ request: ServerRequest) throws -> Response {
        guard let metadata else { throw RequestRefusal(.notFound, "not found") }
        guard request.method == .get else { throw RequestRefusal.methodNotAllowed(allow: [.get]) }
        return .json(.ok, try JSONValue(encoding: metadata))
    }

    private func respondHealth(_ request: ServerRequest) async throws -> Response {
        guard let healthPolicy else {
            guard request.method == .get else { throw RequestRefusal.methodNotAllowed(allow: [.get]) }
            return .json(.ok, ["status": "ok"])
        }
        let now = clock()
        let authentication = await admit(request, by: healthPolicy, at: now)
        if let refused = try await refuse(authentication, request, tool: nil, at: now) { return refused }
        try await write(authentication.record(of: request, at: now), of: request)
        guard request.method == .get else { throw RequestRefusal.methodNotAllowed(allow: [.get]) }
        return .json(.ok, ["status": "ok"])
    }
}

extension JSONValue {
    /// The value in JSON's own terms.
    fileprivate init(encoding value: some Encodable) throws {
        try self.init(parsing: JSONEncoder().encode(value))
    }
}
