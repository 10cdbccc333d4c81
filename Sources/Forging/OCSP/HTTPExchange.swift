import Foundation

/// One HTTP/1.1 request and its answer on a connection that then ends: as much of RFC 9112 as OCSP needs (RFC 6960 appendix A).
///
/// Everything is bounded: 16 KiB of head, 64 KiB of content, ten seconds for all of it.
struct HTTPExchange {
    struct Request {
        var method: String
        var target: String
        /// Names in small letters.
        var fields: [(name: String, value: String)]
        var content: [UInt8] = []

        /// The values of all fields of a name.
        func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
    }

    /// A request that is not taken: the status that says so.
    struct Refusal: Error {
        var status: Int
    }

    static let headLimit = 16 * 1024
    static let contentLimit = 64 * 1024

    let connection: Int32
    private let deadline = ContinuousClock.now + .seconds(10)

    init(connection: Int32) { self.connection = connection }

    /// Nil when the peer goes away, or is too slow.
    func request() throws -> Request? {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        var seen = 0
        while true {
            // What was looked at before can only end in a part of it.
            if let place = Self.find(end, in: bytes, from: max(0, seen - 3)) {
                guard place <= Self.headLimit else { throw Refusal(status: 431) }
                var request = try Self.head(bytes[..<place])
                guard try read(&request, begun: Array(bytes[(place + 4)...])) else { return nil }
                return request
            }
            guard bytes.count <= Self.headLimit else { throw Refusal(status: 431) }
            seen = bytes.count
            guard let more = receive(4096) else { return nil }
            bytes += more
        }
    }

    func answer(_ status: Int, _ kind: String, _ content: [UInt8]) {
        let words = [
            200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 411: "Length Required", 413: "Content Too Large",
            415: "Unsupported Media Type", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
        ]
        let head =
            "HTTP/1.1 \(status) \(words[status] ?? "Error")\r\nContent-Type: \(kind)\r\nContent-Length: \(content.count)\r\n"
            + (status == 405 ? "Allow: GET, POST\r\n" : "") + "Connection: close\r\n\r\n"
        send(Array(head.utf8) + content)
    }

    /// Takes in what else was sent: a connection closed over unread octets is reset, and the answer may be lost.
    func drain() {
        shutdown(connection, Int32(SHUT_WR))
        var taken = 0
        while taken < 2 * Self.contentLimit, let more = receive(4096) { taken += more.count }
    }

    /// Ends the connection as a program that has died does: the peer gets a reset.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    static func head(_ bytes: ArraySlice<UInt8>) throws -> Request {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Refusal(status: 400) }
        var lines = text.components(separatedBy: "\r\n")[...]
        let words = (lines.popFirst() ?? "").components(separatedBy: " ")
        guard words.count == 3, ["HTTP/1.1", "HTTP/1.0"].contains(words[2]), !words[0].isEmpty, words[1].hasPrefix("/") else {
            throw Refusal(status: 400)
        }
        let fields = try lines.map { line in
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex, !line[..<colon].contains(where: \.isWhitespace),
                !line.contains("\n")
            else { throw Refusal(status: 400) }
            return (name: line[..<colon].lowercased(), value: line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        return Request(method: words[0], target: words[1], fields: fields)
    }

    /// Reads the content. False when the peer goes away.
    private func read(_ request: inout Request, begun: [UInt8]) throws -> Bool {
        guard request.values("transfer-encoding").isEmpty else { throw Refusal(status: 411) }
        let lengths = request.values("content-length")
        guard let text = lengths.first else {
            if request.method == "POST" { throw Refusal(status: 411) }
            return true
        }
        guard lengths.count == 1, (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let length = Int(text)
        else { throw Refusal(status: 400) }
        guard length <= Self.contentLimit else { throw Refusal(status: 413) }
        if request.values("expect").contains(where: { $0.lowercased() == "100-continue" }) {
            send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        }
        var content = begun
        while content.count < length {
            guard let more = receive(length - content.count) else { return false }
            content += more
        }
        request.content = Array(content.prefix(length))
        return true
    }

    /// At least one octet and at most so many; nil at the end, or after the deadline.
    private func receive(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        while waits(POLLIN) {
            let got = recv(connection, &bytes, count, Int32(MSG_DONTWAIT))
            if got > 0 { return Array(bytes.prefix(got)) }
            if got == 0 || (errno != EINTR && errno != EAGAIN) { return nil }
        }
        return nil
    }

    private func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty, waits(POLLOUT) {
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let sent = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, flags) }
            if sent < 0, errno == EINTR || errno == EAGAIN { continue }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    /// Until the connection can be read or written; false after the deadline.
    private func waits(_ event: Int32) -> Bool {
        while true {
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            guard left >= 1 else { return false }
            var descriptor = pollfd(fd: connection, events: Int16(event), revents: 0)
            let result = poll(&descriptor, 1, Int32(left))
            if result > 0 { return true }
            if result < 0, errno != EINTR { return false }
        }
    }

    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= pattern.count else { return nil }
        return (start...max(start, bytes.count - pattern.count)).first { place in
            place + pattern.count <= bytes.count && bytes[place..<place + pattern.count].elementsEqual(pattern)
        }
    }
}
