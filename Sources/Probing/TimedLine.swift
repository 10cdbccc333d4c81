import CCurl
import Dispatch

/// One kept connection on which answers are timed from the first octet sent to the first octet received, and nothing else is done.
package enum TimedLine {
    /// - Parameters:
    ///   - url: `http` for plain TCP, `https` for TLS. Only host and port count.
    ///   - requests: Whole requests, each answered before the next is sent.
    ///   - timeout: Seconds for all of them.
    /// - Returns: Nanoseconds by request; nil when the connection ended before the last answer.
    package static func time(_ requests: [[UInt8]], at url: String, ca: String?, timeout: Double) async -> [Int]? {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "timed-line", qos: .userInteractive).async {
                continuation.resume(returning: measure(requests, url, ca, timeout))
            }
        }
    }

    private static func measure(_ requests: [[UInt8]], _ url: String, _ ca: String?, _ timeout: Double) -> [Int]? {
        let connection = RawConnection(url: url, connectTo: nil, ca: ca, identity: nil, timeout: timeout)
        guard connection.open() == CURLE_OK else { return nil }
        var times: [Int] = []
        times.reserveCapacity(requests.count)
        for request in requests {
            let begin = MonotonicClock.nanoseconds()
            connection.send(request)
            connection.acknowledgeAtOnce()
            guard case .bytes(var received) = connection.read() else { return nil }
            times.append(Int(MonotonicClock.nanoseconds() - begin))
            while HTTPMessages.answers(in: received, ended: false).isEmpty {
                connection.acknowledgeAtOnce()
                guard case .bytes(let more) = connection.read() else { return nil }
                received += more
            }
        }
        return times
    }
}
