import CCurl
import CShims
import Glibc

/// A connection that libcurl opens, TLS and all, and then leaves to the caller. Not Sendable.
final class RawConnection {
    enum Read {
        case bytes([UInt8])
        /// The peer closed it, or broke it off: how, in libcurl's result.
        case ended(CURLcode)
        case tooLate
    }

    let handle = CurlHandle()
    /// For every wait, in nanoseconds of the monotonic clock.
    var deadline: Int64
    private var buffer = [UInt8](repeating: 0, count: 16384)

    /// - Parameter url: With the scheme `http` for plain TCP and `https` for TLS; its path is not used.
    init(url: String, connectTo: String?, ca: String?, identity: ClientIdentity?, timeout: Double) {
        handle.reset()
        handle.connect(to: url, instead: connectTo, ca: ca, identity: identity, timeout: timeout)
        handle.set(CURLOPT_CONNECT_ONLY, 1)
        handle.set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        deadline = MonotonicClock.nanoseconds() + Int64(timeout * 1e9)
    }

    /// To be called once, before anything else.
    func open() -> CURLcode { curl_easy_perform(handle.curl) }

    /// Sends all, or as much as the peer takes: it may say no before it has heard everything, which is worth reading.
    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            var sent = 0
            let result = rest.withUnsafeBytes { curl_easy_send(handle.curl, $0.baseAddress, $0.count, &sent) }
            if result == CURLE_OK {
                rest = rest.dropFirst(sent)
            } else if result != CURLE_AGAIN || !wait(for: POLLOUT) {
                return
            }
        }
    }

    /// Nil when it is not open.
    var socket: Int32? {
        var socket = curl_socket_t(-1)
        ccurl_get_socket(handle.curl, &socket)
        return socket >= 0 ? socket : nil
    }

    /// Has what comes next acknowledged at once (tcp(7), TCP_QUICKACK): a server that sends head and body apart, and waits for the first to
    /// arrive, would wait 40 ms otherwise. It does not last.
    func acknowledgeAtOnce() {
        guard let socket else { return }
        var on: Int32 = 1
        _ = setsockopt(socket, Int32(IPPROTO_TCP), TCP_QUICKACK, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    func read() -> Read {
        while true {
            if let read = readNow() { return read }
            guard wait(for: POLLIN) else { return .tooLate }
        }
    }

    /// What has come already; nil when that is nothing, and there is time yet.
    func readNow() -> Read? {
        var count = 0
        let result = curl_easy_recv(handle.curl, &buffer, buffer.count, &count)
        if result == CURLE_OK { return count > 0 ? .bytes(Array(buffer[..<count])) : .ended(CURLE_GOT_NOTHING) }
        guard result == CURLE_AGAIN else { return .ended(result) }
        return MonotonicClock.nanoseconds() < deadline ? nil : .tooLate
    }

    /// False when the deadline has passed.
    private func wait(for events: Int32) -> Bool {
        let rest = (deadline - MonotonicClock.nanoseconds()) / 1_000_000
        guard let socket, rest > 0 else { return false }
        var waiting = pollfd(fd: socket, events: Int16(events), revents: 0)
        return poll(&waiting, 1, Int32(clamping: rest)) > 0
    }
}
