import CCurl
import Dispatch
import Synchronization

/// One request whose answer is a stream of server-sent events (WHATWG HTML section 9.2), read while it comes.
package final class EventStream: Sendable {
    package struct Event: Sendable, Hashable {
        /// The lines of `data`, joined by line breaks.
        package var data: String
        package var nanoseconds: Int64
    }

    private struct State {
        var stopping = false
        var answer: ProbeAnswer?
        var waiters: [CheckedContinuation<ProbeAnswer, Never>] = []
    }

    private let state = Mutex(State())

    package init() {}

    /// Begins. A server that sends nothing for two seconds is given up.
    ///
    /// - Parameters:
    ///   - onEvent: Called with each event as it arrives, from a thread of the stream's own.
    ///   - onEnd: Called once, with what the answer was: that it broke off, when `stop()` was what ended it.
    package func start(
        _ request: ProbeRequest, ca: String?, identity: ClientIdentity?, onEvent: @escaping @Sendable (Event) -> Void,
        onEnd: @escaping @Sendable (ProbeAnswer) -> Void
    ) {
        DispatchQueue(label: "event-stream").async { [self] in
            let handle = CurlHandle()
            handle.prepare(request, ca: ca, identity: identity, channel: .newConnection)
            handle.set(CURLOPT_LOW_SPEED_LIMIT, 1)
            handle.set(CURLOPT_LOW_SPEED_TIME, 2)
            var reader = EventReader()
            handle.listener = { [self] bytes in
                let now = MonotonicClock.nanoseconds()
                for data in reader.take(bytes) { onEvent(Event(data: data, nanoseconds: now)) }
                return !state.withLock { $0.stopping }
            }
            let answer = handle.finish(curl_easy_perform(handle.curl))
            let waiters = state.withLock { state in
                state.answer = answer
                return state.waiters
            }
            onEnd(answer)
            for waiter in waiters { waiter.resume(returning: answer) }
        }
    }

    /// Ends it with the next octet that comes, and waits for that; at once when it has ended already.
    @discardableResult
    package func stop() async -> ProbeAnswer {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state in
                state.stopping = true
                if state.answer == nil { state.waiters.append(continuation) }
                return state.answer
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }
}

/// Puts the events of a stream together from the octets as they come.
package struct EventReader: Sendable {
    private static let lineLimit = 1 << 20
    private var line: [UInt8] = []
    private var data: [String] = []

    package init() {}

    /// - Returns: The data of the events that became whole.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [String] {
        var events: [String] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                if line.count < Self.lineLimit { line.append(byte) }
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if line.isEmpty {
                if !data.isEmpty { events.append(data.joined(separator: "\n")) }
                data = []
            } else if line.starts(with: "data:".utf8) {
                let text = String(decoding: line.dropFirst(5), as: UTF8.self)
                data.append(text.hasPrefix(" ") ? String(text.dropFirst()) : text)
            }
            line = []
        }
        return events
    }
}
