import CCurl

/// A kept connection on which requests are answered one after the other, with as little done beside as can be: under load the time of
/// whoever asks is to be the server's. Not Sendable.
///
/// It is opened with the first request, and again with the one after it has ended.
final class RequestLine {
    enum Progress: Equatable {
        case waiting
        /// The status of a whole answer.
        case answered(Int)
        /// Why there is none, in a few words.
        case ended(String)
    }

    /// From the first octet sent to the last received, in nanoseconds; with the opening of the connection where it had to be opened.
    private(set) var took: Int64 = 0
    private let ca: String?
    private let identity: ClientIdentity?
    private var connection: RawConnection?
    private var last: (request: ProbeRequest, octets: [UInt8])?
    private var received: [UInt8] = []
    private var began: Int64 = 0
    /// Far more than any answer under load; bounds what a peer that never stops can cost.
    private static let limit = 8 << 20

    init(ca: String?, identity: ClientIdentity?) {
        self.ca = ca
        self.identity = identity
    }

    /// What to wait for; nil while there is no connection.
    var socket: Int32? { connection?.socket }

    /// Whether its time is over.
    var isLate: Bool { connection.map { MonotonicClock.nanoseconds() >= $0.deadline } ?? false }

    /// - Returns: `.waiting`, or why the connection could not be opened.
    func begin(_ request: ProbeRequest) -> Progress {
        Tally.noteRequest()
        if last?.request != request { last = (request, request.octets) }
        received.removeAll(keepingCapacity: true)
        began = MonotonicClock.nanoseconds()
        if connection == nil {
            let fresh = RawConnection(url: request.url, connectTo: request.connectTo, ca: ca, identity: identity, timeout: request.timeout)
            let opened = fresh.open()
            guard opened == CURLE_OK else { return end(fresh.handle.failure(opened)) }
            connection = fresh
        }
        connection?.deadline = began + Int64(request.timeout * 1e9)
        if let last { connection?.send(last.octets) }
        return .waiting
    }

    /// Reads what has come, without waiting for more.
    func advance() -> Progress {
        guard let connection else { return .ended("no connection") }
        while let read = connection.readNow() {
            took = MonotonicClock.nanoseconds() - began
            switch read {
            case .bytes(let more):
                received += more
                if let status = answer(ended: false) { return status }
                guard received.count < Self.limit else { return end(.dropped("the answer has no end")) }
            case .ended(let result):
                return answer(ended: true) ?? end(connection.handle.failure(result))
            case .tooLate:
                return end(.dropped("no answer in time"))
            }
        }
        return .waiting
    }

    /// Nil until the answer is whole.
    private func answer(ended: Bool) -> Progress? {
        var status: Int, closes = ended
        if let head = AnswerHead(received) {
            guard received.count >= head.length else { return nil }
            guard received.count == head.length else { return end(.dropped("there is more behind the answer")) }
            (status, closes) = (head.status, ended || head.closes)
        } else {
            guard let whole = HTTPMessages.answers(in: received, ended: ended).first, let said = whole.status else { return nil }
            (status, closes) = (said, ended || whole.headers.value("Connection")?.lowercased() == "close")
        }
        if closes { connection = nil }
        return .answered(status)
    }

    private func end(_ outcome: ProbeAnswer.Outcome) -> Progress {
        connection = nil
        return .ended(outcome.face)
    }
}
