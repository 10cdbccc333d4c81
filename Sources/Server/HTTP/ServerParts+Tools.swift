import Auth
import HTTPTypes
import Hummingbird
import MCP
import Serving

import struct Foundation.Date

/// A request whose caller is known.
struct AuthenticatedCall: Sendable {
    var request: ServerRequest
    var authentication: Authentication
    var principal: Principal
    var now: Date

    /// The record of a call that is no tool's.
    func record(_ detail: String) -> AuditRecord {
        var record = authentication.record(of: request, at: now)
        // What a caller sends is cut short: a record must not grow with it. By scalars, as one character may have any number of them.
        record.detail = String(String.UnicodeScalarView(detail.unicodeScalars.prefix(64)))
        return record
    }
}

/// What became of a call of a tool.
enum ToolRun {
    case done(ToolOutcome)
    case failed(ToolFailure)
    /// The caller may not use it.
    case refused(Response)
}

extension ServerParts {
    /// The tool of exactly that name, byte for byte.
    func tool(named name: String) -> ServerTool? {
        tools.first { $0.tool.name.utf8.elementsEqual(name.utf8) }
    }

    /// Scope, then whose data it is, then record, then the tool.
    func run(_ tool: ServerTool, _ arguments: [String: JSONValue], _ call: AuthenticatedCall) async throws -> ToolRun {
        let missing = missingScopes(call.principal, tool)
        guard missing.isEmpty else {
            return .refused(
                try await refuse(
                    call.authentication, call.request, Refusal(.scope, "lacks \(missing)"), for: tool, at: call.now))
        }
        let order = ToolCall(principal: call.principal, tenant: tenant(call.principal, call.request), arguments: arguments)
        if let refusal = await tool.objection(order) {
            return .refused(try await refuse(call.authentication, call.request, refusal, for: tool, at: call.now))
        }
        var record = call.authentication.record(of: call.request, at: call.now)
        record.tool = tool.tool.name
        try await write(record, of: call.request)
        do {
            return .done(try await tool.run(order))
        } catch {
            return .failed(error)
        }
    }

    /// The body, for an endpoint that takes JSON. A record is written also when it cannot be read.
    func readJSON(_ call: AuthenticatedCall, _ content: RequestContent) async throws -> [UInt8] {
        do {
            let type = call.request.headers[.contentType]?.split(separator: ";").first ?? ""
            guard type.trimmingPrefix(" ").lowercased().hasPrefix("application/json") else {
                throw RequestRefusal(.unsupportedMediaType, "Content-Type must be application/json")
            }
            return try await content()
        } catch {
            try await write(call.record("the body was not read"), of: call.request)
            throw error
        }
    }

    /// The article's endpoint: a tool's arguments in, its result out, both plain JSON.
    func respondTool(_ name: String, _ request: ServerRequest, _ content: RequestContent) async throws -> Response {
        let now = clock()
        let tool = tool(named: name)
        let authentication = await admit(request, by: policy, at: now)
        if let refused = try await refuse(authentication, request, tool: tool, at: now) { return refused }
        guard let principal = authentication.principal else { throw RequestRefusal(.internalServerError, "no principal") }
        let call = AuthenticatedCall(request: request, authentication: authentication, principal: principal, now: now)
        guard let tool else {
            try await write(call.record("unknown tool"), of: request)
            return .json(.notFound, ["error": "unknown_tool"])
        }
        guard request.method == .post else {
            try await write(call.record("method not allowed"), of: request)
            throw RequestRefusal.methodNotAllowed(allow: [.post])
        }
        let body = try await readJSON(call, content)
        guard let arguments = body.isEmpty ? [:] : try? JSONValue(parsing: body).object else {
            try await write(call.record("malformed arguments"), of: request)
            return .json(.badRequest, ["error": "invalid_json"])
        }
        switch try await run(tool, arguments, call) {
        case .refused(let response): return response
        case .failed(let failure): return .json(.unprocessableContent, ["error": "tool_failed", "message": .string(failure.message)])
        case .done(.result(let result)): return .json(.ok, result.structured.map(JSONValue.object) ?? ["text": .string(result.text)])
        case .done(.ticks(let count, let interval, let result)):
            return stream(count, interval, tool, call) {
                .event(["tick": .integer($0)])
            } end: { completed in
                completed ? .object(result.structured ?? [:]) : ["error": "invalid_token"]
            }
        }
    }
}
