import MCP
import Synchronization

/// Finds the response to one request in what the server answered: a JSON body, or a stream of events that holds it.
struct RPCAnswerReader {
    let id: RequestID

    func result(of answer: HTTPAnswer) throws(ClientError) -> JSONValue {
        guard answer.status == 200 else { throw failure(answer) }
        switch answer.mediaType {
        case "application/json":
            guard let value = try? JSONValue(parsing: answer.body), let response = try? RPCResponse(value), response.id == id else {
                throw .violation("the server's answer is not the JSON-RPC response to our request", status: 200)
            }
            return try outcome(response, status: 200)
        case "text/event-stream":
            var parser = EventStreamParser(maximumSize: answer.body.count)
            let events = (try? parser.append(answer.body)) ?? []
            guard let response = events.lazy.compactMap(response).first else {
                throw .violation("the server's stream ended without the response to our request", status: 200)
            }
            return try outcome(response, status: 200)
        default:
            throw .violation("the server answered with neither JSON nor an event stream", status: 200)
        }
    }

    /// Watches a stream as it comes: true as soon as the response has been seen.
    func watch() -> @Sendable ([UInt8]) -> Bool {
        let parser = Parser()
        let id = id
        return { piece in
            parser.append(piece).contains { RPCAnswerReader(id: id).response($0) != nil }
        }
    }

    private final class Parser: Sendable {
        private let parser = Mutex(EventStreamParser(maximumSize: 16 << 20))

        func append(_ piece: [UInt8]) -> [ServerSentEvent] {
            parser.withLock { (try? $0.append(piece)) ?? [] }
        }
    }

    private func response(_ event: ServerSentEvent) -> RPCResponse? {
        guard let value = try? JSONValue(parsing: event.data), let response = try? RPCResponse(value), response.id == id else { return nil }
        return response
    }

    private func outcome(_ response: RPCResponse, status: Int) throws(ClientError) -> JSONValue {
        switch response.outcome {
        case .success(let result):
            guard result["resultType"]?.string ?? "complete" == "complete" else {
                throw .violation("the server asks for more input, which this client cannot give", status: status)
            }
            return result
        case .failure(let error):
            throw .violation("the server answered with the error \(error.code): \(PeerText(error.message))", status: status)
        }
    }

    /// An answer that is no success. A JSON-RPC error in it is the protocol speaking; without one, 400 and its like are how
    /// servers turn a caller away before MCP begins.
    private func failure(_ answer: HTTPAnswer) -> ClientError {
        if let value = try? JSONValue(parsing: answer.body), let response = try? RPCResponse(value),
            case .failure(let error) = response.outcome
        {
            return .violation(
                "the server answered \(answer.status) with the error \(error.code): \(PeerText(error.message))", status: answer.status)
        }
        return switch answer.status {
        case 400, 421, 429: .refused(ClientRefusal(by: .server, status: answer.status, retryAfter: answer.retryAfter))
        case 503 where answer.retryAfter != nil:
            .refused(ClientRefusal(by: .server, status: 503, retryAfter: answer.retryAfter))
        default: .violation("the server answered \(answer.status)", status: answer.status)
        }
    }
}
