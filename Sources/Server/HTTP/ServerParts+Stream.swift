import Auth
import HTTPTypes
import Hummingbird
import HummingbirdCore
import MCP
import NIOCore
import ServiceLifecycle

/// A line or two on a stream of server-sent events.
enum StreamPart {
    case event(JSONValue)
    /// Seen by whoever watches the wire, ignored by clients.
    case comment(String)

    var text: String {
        switch self {
        case .event(let value): ServerSentEvent(event: "message", data: value.text).text
        case .comment(let comment): ": \(comment)\n\n"
        }
    }
}

extension ServerParts {
    /// Events at an interval. The caller is judged anew before each that comes after a pause, and every second in between, so that a
    /// stream does not outlive the credential it was opened with; the judgement that ends one gets a record of its own.
    ///
    /// - Parameters:
    ///   - part: What to send for a tick, counted from one.
    ///   - end: What to send at the end; false when the credential ended first.
    func stream(
        _ count: Int, _ interval: Duration, _ tool: ServerTool, _ call: AuthenticatedCall,
        part: @escaping @Sendable (Int) -> StreamPart, end: @escaping @Sendable (Bool) -> JSONValue
    ) -> Response {
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no"]
        let body = ResponseBody { writer in
            var sent = 0
            var judged = ContinuousClock.now
            ticks: while sent < count {
                var left = sent > 0 ? interval : .zero
                while left > .zero {
                    let pause = min(left, Self.longestTrust)
                    try await Task.sleep(for: pause)
                    left -= pause
                    // A server that is asked to stop breaks off without a result.
                    if Task.isShuttingDownGracefully { return try await writer.finish(nil) }
                    guard await stillAccepts(call, tool) else { break ticks }
                    judged = .now
                }
                // Where there is no pause, a caller who reads slowly makes one.
                if ContinuousClock.now - judged > Self.longestTrust {
                    if Task.isShuttingDownGracefully { return try await writer.finish(nil) }
                    guard await stillAccepts(call, tool) else { break ticks }
                    judged = .now
                }
                sent += 1
                try await writer.write(ByteBuffer(string: part(sent).text))
            }
            try await writer.write(ByteBuffer(string: StreamPart.event(end(sent == count)).text))
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// How long a stream goes on without asking.
    private static let longestTrust: Duration = .seconds(1)

    private func stillAccepts(_ call: AuthenticatedCall, _ tool: ServerTool) async -> Bool {
        let now = clock()
        let authentication = await authenticate(self, call.request, policy, now)
        guard let principal = authentication.principal else {
            var record = authentication.record(of: call.request, at: now)
            record.tool = tool.tool.name
            // The stream ends in any case; nothing more is done for the caller.
            try? await audit(record, call.request)
            return false
        }
        return missingScopes(principal, tool).isEmpty
    }
}
