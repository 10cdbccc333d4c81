/// Whole HTTP/1.1 messages at the front of some bytes (RFC 9112 section 6), octet by octet.
enum HTTPMessages {
    struct Message {
        var startLine: String
        var headers: [ProbeHeader]
        var body: [UInt8]

        /// Nil for a request.
        var status: Int? {
            guard startLine.hasPrefix("HTTP/1.") else { return nil }
            return startLine.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        }
    }

    /// - Parameter ended: Whether the peer has closed: only then is an answer whole that says nothing of its length.
    /// - Returns: Interim answers, such as 100, are left out.
    static func answers(in bytes: [UInt8], ended: Bool) -> [Message] {
        messages(in: bytes, lengthFromClose: ended).filter { ($0.status ?? 0) >= 200 }
    }

    /// How many whole requests the bytes hold.
    static func countRequests(in bytes: [UInt8]) -> Int {
        messages(in: bytes, lengthFromClose: nil).count { $0.startLine.hasSuffix(" HTTP/1.1") || $0.startLine.hasSuffix(" HTTP/1.0") }
    }

    /// The first request, when the bytes hold all of it.
    static func request(in bytes: [UInt8]) -> PeerRequest? {
        guard let message = messages(in: bytes, lengthFromClose: nil).first else { return nil }
        let words = message.startLine.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return nil }
        return PeerRequest(method: String(words[0]), target: String(words[1]), headers: message.headers, body: message.body)
    }

    /// - Parameter lengthFromClose: Nil for requests, which have no body unless they say so.
    private static func messages(in bytes: [UInt8], lengthFromClose: Bool?) -> [Message] {
        var messages: [Message] = []
        var rest = bytes[...]
        while let (head, after) = head(of: rest) {
            guard let (body, next) = content(of: head, after, lengthFromClose: lengthFromClose) else { break }
            var message = head
            message.body = body
            messages.append(message)
            rest = next
        }
        return messages
    }

    private static func head(of bytes: ArraySlice<UInt8>) -> (Message, ArraySlice<UInt8>)? {
        var lines: [String] = []
        var rest = bytes
        while let (line, after) = line(of: rest) {
            rest = after
            if line.isEmpty, let start = lines.first {
                return (Message(startLine: start, headers: lines.dropFirst().compactMap { ProbeHeader(line: $0) }, body: []), rest)
            }
            lines.append(line)
        }
        return nil
    }

    private static func line(of bytes: ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>)? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        var line = bytes[..<end]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return (String(decoding: line, as: UTF8.self), bytes[(end + 1)...])
    }

    private static func content(
        of message: Message, _ rest: ArraySlice<UInt8>, lengthFromClose: Bool?
    ) -> ([UInt8], ArraySlice<UInt8>)? {
        if let status = message.status, status < 200 || status == 204 || status == 304 { return ([], rest) }
        if message.headers.value("Transfer-Encoding") != nil { return chunks(rest) }
        if let length = message.headers.value("Content-Length") {
            guard let length = Int(length), length >= 0, rest.count >= length else { return nil }
            return (Array(rest.prefix(length)), rest.dropFirst(length))
        }
        guard let lengthFromClose else { return ([], rest) }
        return lengthFromClose ? (Array(rest), []) : nil
    }

    /// RFC 9112 section 7.1.
    private static func chunks(_ bytes: ArraySlice<UInt8>) -> ([UInt8], ArraySlice<UInt8>)? {
        var (body, rest) = ([UInt8](), bytes)
        while let (text, after) = line(of: rest) {
            guard let size = Int(text.prefix { $0 != ";" && $0 != " " }, radix: 16), size >= 0 else { return nil }
            if size == 0 { return trailers(after).map { (body, $0) } }
            guard after.count >= size + 2 else { return nil }
            body += after.prefix(size)
            rest = after.dropFirst(size + 2)
        }
        return nil
    }

    private static func trailers(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = bytes
        while let (text, after) = line(of: rest) {
            if text.isEmpty { return after }
            rest = after
        }
        return nil
    }
}
