import Auth
package import HTTPTypes
package import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// The outermost middleware: turns away requests that are ambiguous, gives every answer its `X-Request-Id`, and does not
/// let a refused caller go on sending. Add it before any route.
package struct RequestHygiene<Context: ServedRequestContext>: RouterMiddleware {
    private let limits: Limits
    private let readsAuthorization: Bool
    private let readsHost: Bool

    /// - Parameters:
    ///   - readsAuthorization: False where whoever authenticates counts the Authorization fields himself, and
    ///     answers two of them with a challenge and an audit record.
    ///   - readsHost: False where whoever knows the hosts that are served counts the Host fields himself.
    package init(limits: Limits = Limits(), readsAuthorization: Bool = true, readsHost: Bool = true) {
        self.limits = limits
        self.readsAuthorization = readsAuthorization
        self.readsHost = readsHost
    }

    package func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            try examine(request)
            response = try await next(request, context)
        } catch let error as any HTTPResponseError {
            response = try error.response(from: request, context: context)
        } catch let error as HTTPParserError {
            throw error  // the connection's own to answer
        } catch {
            context.logger.error("request failed: \(error)", metadata: ["request_id": .string(context.requestID)])
            response = Response(status: .internalServerError)
        }
        response.headers[.requestID] = context.requestID
        return request.hasBody && !context.served.body.isFinished ? Self.closing(response, context.served.channel) : response
    }

    /// RFC 9110 section 11.6.2 has one Authorization; two are two callers.
    private func examine(_ request: Request) throws {
        // Before anything compares them.
        guard [request.head.path, request.head.authority].allSatisfy({ $0?.isStreamSafe ?? true }),
            request.headers.allSatisfy({ $0.value.isStreamSafe })
        else { throw RequestRefusal(.badRequest, "more than thirty combining marks in a row") }
        if readsHost { _ = try HostRule.host(request.head.authority, request.headers) }
        guard !readsAuthorization || request.headers[values: .authorization].count <= 1 else {
            throw RequestRefusal(.badRequest, "more than one Authorization field")
        }
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limits.body {
            throw RequestRefusal(.contentTooLarge, "the body is too large")
        }
    }

    /// Closes the connection behind the answer: Hummingbird would read the rest of the body, however long, and drop it.
    private static func closing(_ response: Response, _ channel: any Channel) -> Response {
        var response = response
        let body = response.body
        response.headers[.connection] = "close"
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(writer)
            // Where half closure is allowed SwiftNIO SSL does not take the peer's own end for the end, and waits for its time-out.
            channel.setOption(.allowRemoteHalfClosure, value: false).whenComplete { _ in channel.close(promise: nil) }
        }
        return response
    }
}

extension Request {
    /// Whether the head announces a body (RFC 9112 section 6.3).
    var hasBody: Bool {
        headers[.transferEncoding] != nil || headers[.contentLength].map { $0 != "0" } == true
    }
}

extension ServedRequestContext {
    /// The whole body. To be called once it is known who is calling, so that nobody else's is read.
    /// - Throws: `RequestRefusal`: 413 for a body that is too long, 408 for one that takes too long, 400 for one that breaks off.
    package func body(of request: Request, limits: Limits) async throws -> ByteBuffer {
        let body = request.body
        let collected = try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            group.addTask {
                do {
                    return try await body.collect(upTo: limits.body)
                } catch is NIOTooManyBytesError {
                    throw RequestRefusal(.contentTooLarge, "the body is too large")
                }
            }
            group.addTask {
                try await Task.sleep(for: limits.bodyDeadline)
                throw RequestRefusal(.requestTimeout, "the body took too long")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw RequestRefusal(.badRequest, "no body") }
            return first
        }
        served.body.finish()
        return collected
    }
}

/// For whom a request is.
package enum HostRule {
    /// RFC 9112 section 3.2: exactly one Host.
    /// - Parameters:
    ///   - authority: What the first Host field says.
    ///   - headers: The other fields; of Host, those beyond the first.
    /// - Throws: `RequestRefusal` with 400.
    package static func host(_ authority: String?, _ headers: HTTPFields) throws -> String {
        guard let authority, !authority.isEmpty, headers[values: .host].isEmpty else {
            throw RequestRefusal(.badRequest, "one Host field is needed")
        }
        return authority
    }
}

/// Whose pages may call: browsers send `Origin`, and other callers need not.
package enum OriginRule {
    /// Refuses a request whose `Origin` is not on the list: MCP's transport wants 403 then, against DNS rebinding.
    /// - Throws: `RequestRefusal` with 403.
    package static func check(_ headers: HTTPFields, allowed: [String]) throws {
        for origin in headers[values: .origin] where !allowed.contains(origin) {
            throw RequestRefusal(.forbidden, "this Origin may not call")
        }
    }
}
