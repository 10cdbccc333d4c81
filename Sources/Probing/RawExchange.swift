import CCurl
import Dispatch

/// Sends bytes as they are on a connection of its own, and reads what comes back.
package enum RawExchange {
    /// On plain TCP to 127.0.0.1, whatever the bytes are: HTTP, or a TLS connection that somebody recorded.
    /// - Parameter timeout: Seconds for the whole exchange.
    /// - Returns: As the other `send` does.
    package static func send(_ bytes: [UInt8], port: Int, timeout: Double) async -> ProbeAnswer {
        await send(bytes, to: "http://127.0.0.1:\(port)/", ca: nil, identity: nil, timeout: timeout)
    }

    /// - Parameters:
    ///   - url: `http` for plain TCP, `https` for TLS. Only host and port count.
    ///   - timeout: Seconds for the whole exchange.
    ///   - connectTo: `HOST:PORT` to connect to instead.
    /// - Returns: The HTTP answer to the last of the requests that the bytes hold, or to the last one that got an answer
    ///   before the peer closed the connection. Without any, how the connection ended.
    package static func send(
        _ bytes: [UInt8], to url: String, ca: String?, identity: ClientIdentity?, timeout: Double, connectTo: String? = nil
    ) async -> ProbeAnswer {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "raw-exchange").async {
                let connection = RawConnection(url: url, connectTo: connectTo, ca: ca, identity: identity, timeout: timeout)
                continuation.resume(returning: exchange(bytes, on: connection))
            }
        }
    }

    private static func exchange(_ bytes: [UInt8], on connection: RawConnection) -> ProbeAnswer {
        Tally.noteRequest()
        let began = MonotonicClock.nanoseconds()
        let opened = connection.open()
        var received: [UInt8] = []
        let outcome = opened == CURLE_OK ? converse(bytes, on: connection, &received) : connection.handle.failure(opened)
        var answer = ProbeAnswer(outcome: outcome, beginNanoseconds: began, endNanoseconds: MonotonicClock.nanoseconds())
        connection.handle.describe(&answer)
        answer.newConnection = true
        (answer.bytesSent, answer.bytesReceived) = (opened == CURLE_OK ? bytes.count : 0, received.count)
        answer.totalMicroseconds = Int(answer.endNanoseconds - began) / 1000
        return answer
    }

    /// Far more than any answer of the bed's tools; bounds what a peer that never stops can cost.
    private static let limit = 8 << 20

    private static func converse(_ bytes: [UInt8], on connection: RawConnection, _ received: inout [UInt8]) -> ProbeAnswer.Outcome {
        let expected = max(1, HTTPMessages.countRequests(in: bytes))
        connection.send(bytes)
        while received.count < limit {
            switch connection.read() {
            case .bytes(let more):
                received += more
                let answers = HTTPMessages.answers(in: received, ended: false)
                if answers.count >= expected, let last = outcome(answers) { return last }
            case .ended(let result):
                return outcome(HTTPMessages.answers(in: received, ended: true)) ?? refusal(received, result, connection)
            case .tooLate:
                return outcome(HTTPMessages.answers(in: received, ended: false))
                    ?? .dropped("no whole answer in time; \(received.count) octets came")
            }
        }
        return .dropped("the answer has no end: \(received.count) octets came")
    }

    private static func outcome(_ answers: [HTTPMessages.Message]) -> ProbeAnswer.Outcome? {
        guard let last = answers.last, let status = last.status else { return nil }
        return .response(status: status, headers: last.headers, body: last.body)
    }

    private static func refusal(_ received: [UInt8], _ result: CURLcode, _ connection: RawConnection) -> ProbeAnswer.Outcome {
        // A TLS peer that gets nonsense on a plain connection answers with an alert that anybody can read.
        if let alert = TLSAlert.plain(in: received) { return .refusedInTransport(TransportRefusal(alert: alert)) }
        // Half an answer is none, and no refusal either.
        if received.starts(with: Array("HTTP/".utf8)) { return .dropped("the answer broke off after \(received.count) octets") }
        return connection.handle.failure(result)
    }
}
