import Auth
import HTTPTypes
import Hummingbird
import MCP
import Serving

import struct Foundation.Date

extension ServerParts {
    /// The MCP endpoint, in the era that the request speaks.
    func respondMCP(_ request: ServerRequest, _ content: RequestContent) async throws -> Response {
        let now = clock()
        // Every method, not only POST: a stream or a DELETE is as much of a call.
        let authentication = await admit(request, by: policy, at: now)
        if let refused = try await refuse(authentication, request, tool: namedTool(request), at: now) { return refused }
        guard let principal = authentication.principal else { throw RequestRefusal(.internalServerError, "no principal") }
        let call = AuthenticatedCall(request: request, authentication: authentication, principal: principal, now: now)
        switch request.method {
        case .post: return try await respondPost(call, content)
        case .delete: return try await respondDelete(call)
        default:
            try await write(call.record("method not allowed"), of: request)
            throw RequestRefusal.methodNotAllowed(allow: [.post, .delete])
        }
    }

    private func respondPost(_ call: AuthenticatedCall, _ content: RequestContent) async throws -> Response {
        let message: RPCMessage
        let version: ProtocolVersion
        var known: RequestID?
        let headers = RequestHeaders(call.request.headers)
        do {
            let body = try await readJSON(call, content)
            message = try RPCMessage(parsing: body)
            known = message.id
            version = try headers.validate(message)
        } catch let error as RPCError {
            try await write(call.record("not a valid message: \(error.code)"), of: call.request)
            // What is wrong with the envelope is an error of the transport in either era.
            return .json(RPCResponse(id: known, outcome: .failure(error)), in: .stateless)
        }
        return version.era == .stateless
            ? try await respondStateless(message, call) : try await respondStateful(message, headers, call)
    }

    private func respondStateless(_ message: RPCMessage, _ call: AuthenticatedCall) async throws -> Response {
        guard let id = message.id else {
            try await write(call.record(message.method), of: call.request)
            return .empty(.accepted)
        }
        switch message.method {
        case "server/discover": return try await result(results.discover, id, message, .stateless, call)
        case "tools/list": return try await result(results.list(in: .stateless), id, message, .stateless, call)
        case "tools/call": return try await callTool(message, id, .stateless, call)
        default: return try await failure(.methodNotFound, id, "unknown method", .stateless, call)
        }
    }

    private func respondStateful(_ message: RPCMessage, _ headers: RequestHeaders, _ call: AuthenticatedCall) async throws -> Response {
        let owner = sessionOwner(call.principal)
        if message.method == "initialize", let id = message.id {
            do {
                let (version, initialized) = try results.initialize(message)
                try await write(call.record(message.method), of: call.request)
                let session = sessions.open(owner: owner, version: version)
                return .json(
                    RPCResponse(id: id, outcome: .success(initialized)), in: .stateful, headers: [.mcpSession: session])
            } catch let error as RPCError {
                return try await failure(error, id, message.method, .stateful, call)
            }
        }
        guard headers.session.count == 1, let session = headers.session.first else {
            try await write(call.record("no session"), of: call.request)
            let error = RPCError.invalidRequest("\(RequestHeaders.sessionField) is required")
            return .json(.badRequest, RPCResponse(id: message.id, outcome: .failure(error)).json)
        }
        guard sessions.use(session, owner: owner) != nil else {
            try await write(call.record("unknown session"), of: call.request)
            let error = RPCError(code: -32001, message: "Session not found")
            return .json(.notFound, RPCResponse(id: message.id, outcome: .failure(error)).json)
        }
        guard let id = message.id else {
            try await write(call.record(message.method), of: call.request)
            return .empty(.accepted)
        }
        switch message.method {
        case "ping": return try await result([:], id, message, .stateful, call)
        case "tools/list": return try await result(results.list(in: .stateful), id, message, .stateful, call)
        case "tools/call": return try await callTool(message, id, .stateful, call)
        default: return try await failure(.methodNotFound, id, "unknown method", .stateful, call)
        }
    }

    private func respondDelete(_ call: AuthenticatedCall) async throws -> Response {
        try await write(call.record("end of session"), of: call.request)
        let named = call.request.headers[values: .mcpSession]
        guard let session = named.first, named.count == 1 else { throw RequestRefusal.methodNotAllowed(allow: [.post]) }
        guard sessions.close(session, owner: sessionOwner(call.principal)) else { throw RequestRefusal(.notFound, "no such session") }
        return .empty(.noContent)
    }

    private func callTool(_ message: RPCMessage, _ id: RequestID, _ era: Era, _ call: AuthenticatedCall) async throws -> Response {
        guard let name = message.name, let tool = tool(named: name) else {
            return try await failure(.invalidParameters("Unknown tool"), id, "unknown tool", era, call)
        }
        let arguments = message.parameters["arguments"] ?? [:]
        guard let arguments = arguments.object else {
            return try await failure(.invalidParameters("arguments must be an object"), id, "malformed arguments", era, call)
        }
        switch try await run(tool, arguments, call) {
        case .refused(let response): return response
        case .failed(let failure):
            return .json(RPCResponse(id: id, outcome: .success(ToolResult(failure: failure.message).json(in: era))), in: era)
        case .done(.result(let result)):
            return .json(RPCResponse(id: id, outcome: .success(result.json(in: era))), in: era)
        case .done(.ticks(let count, let interval, let result)):
            let token = message.meta["progressToken"]
            return stream(count, interval, tool, call) { tick in
                guard let token else { return .comment("tick \(tick)") }
                let progress: JSONValue = ["progressToken": token, "progress": .integer(tick), "total": .integer(count)]
                return .event(["jsonrpc": "2.0", "method": "notifications/progress", "params": progress])
            } end: { completed in
                let error = RPCError(code: -32001, message: "The credential is no longer accepted")
                return RPCResponse(id: id, outcome: completed ? .success(result.json(in: era)) : .failure(error)).json
            }
        }
    }

    private func result(
        _ value: JSONValue, _ id: RequestID, _ message: RPCMessage, _ era: Era, _ call: AuthenticatedCall
    ) async throws -> Response {
        try await write(call.record(message.method), of: call.request)
        return .json(RPCResponse(id: id, outcome: .success(value)), in: era)
    }

    private func failure(
        _ error: RPCError, _ id: RequestID, _ detail: String, _ era: Era, _ call: AuthenticatedCall
    ) async throws -> Response {
        try await write(call.record(detail), of: call.request)
        return .json(RPCResponse(id: id, outcome: .failure(error)), in: era)
    }

    private var results: ServerResults {
        ServerResults(
            name: "authbed-mcp-server", version: "1.0.0",
            instructions: "Files in one directory, read-only SQL, and canaries, each with a scope of its own.",
            tools: tools.map(\.tool))
    }

    /// The tool that the header names; what is done is decided by the body.
    private func namedTool(_ request: ServerRequest) -> ServerTool? {
        request.headers[.mcpName].flatMap(RequestHeaders.decode).flatMap(tool(named:))
    }
}
