import Glibc

/// Over connections that are kept.
final class RequestLines: LoadCallers {
    private var idle: [RequestLine]
    private var busy: [RequestLine] = []

    init(ca: String?, identity: ClientIdentity?, connections: Int) {
        idle = (0..<connections).map { _ in RequestLine(ca: ca, identity: identity) }
    }

    func begin(_ request: ProbeRequest, _ ended: (LoadOutcome) -> Void) {
        guard !idle.isEmpty else { return ended(LoadOutcome(face: "every connection is in use", nanoseconds: 0)) }
        let line = idle.removeFirst()
        if hand(line.begin(request), of: line, ended) { idle.append(line) } else { busy.append(line) }
    }

    func advance(atMost nanoseconds: Int64, _ ended: (LoadOutcome) -> Void) {
        var waiting = busy.map { pollfd(fd: $0.socket ?? -1, events: Int16(POLLIN), revents: 0) }
        poll(&waiting, nfds_t(waiting.count), Int32(clamping: nanoseconds / 1_000_000))
        for (line, place) in zip(busy, waiting) where place.revents != 0 || place.fd < 0 || line.isLate {
            guard hand(line.advance(), of: line, ended) else { continue }
            busy.removeAll { $0 === line }
            idle.append(line)
        }
    }

    /// - Returns: Whether it has ended.
    private func hand(_ progress: RequestLine.Progress, of line: RequestLine, _ ended: (LoadOutcome) -> Void) -> Bool {
        switch progress {
        case .waiting: return false
        case .answered(let status): ended(LoadOutcome(status: status, face: "HTTP \(status)", nanoseconds: line.took))
        case .ended(let face): ended(LoadOutcome(face: face, nanoseconds: line.took))
        }
        return true
    }
}
