/// One server-sent event (WHATWG HTML, section 9.2).
package struct ServerSentEvent: Sendable, Hashable {
    package var event: String?
    package var id: String?
    package var data: String

    package init(event: String? = nil, id: String? = nil, data: String) {
        self.event = event
        self.id = id
        self.data = data
    }

    /// The event as it travels. Line breaks in the data become several `data` lines; in a name they would forge
    /// fields, so they are dropped.
    package var text: String {
        var text = ""
        if let event { text += "event: \(event.filter { !$0.isNewline })\n" }
        if let id { text += "id: \(id.filter { !$0.isNewline && $0 != "\0" })\n" }
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: { ["\n", "\r", "\r\n"].contains($0) }) {
            text += "data: \(line)\n"
        }
        return text + "\n"
    }
}

/// Takes a stream of server-sent events apart, as it arrives in pieces of any size.
package struct EventStreamParser: Sendable {
    /// The bytes of one event grew beyond the limit.
    package struct TooLong: Error, Sendable {}

    private var line: [UInt8] = []
    private var lastWasReturn = false
    private var isFirstLine = true
    private var event: String?
    private var lastID: String?
    private var data: [String] = []
    private var size = 0
    private let maximumSize: Int

    /// - Parameter maximumSize: How many bytes one event may have.
    package init(maximumSize: Int = 1 << 20) {
        self.maximumSize = maximumSize
    }

    /// Adds what has arrived, and gives the events that are now complete.
    package mutating func append(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            defer { lastWasReturn = byte == 0x0D }
            // A line ends with CR, LF or both: the LF after a CR ends nothing more.
            if byte == 0x0A, lastWasReturn { continue }
            if byte == 0x0A || byte == 0x0D {
                if let event = endLine() { events.append(event) }
                continue
            }
            size += 1
            guard size <= maximumSize else { throw TooLong() }
            line.append(byte)
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return dispatch() }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            take(field: String(decoding: line, as: UTF8.self), value: "")
            return nil
        }
        var value = line[(colon + 1)...]
        if value.first == 0x20 { value.removeFirst() }
        take(field: String(decoding: line[..<colon], as: UTF8.self), value: String(decoding: value, as: UTF8.self))
        return nil
    }

    private mutating func take(field: String, value: String) {
        switch field {
        case "event": event = value
        case "data": data.append(value)
        case "id" where !value.contains("\0"): lastID = value
        default: break
        }
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            event = nil
            data = []
            size = 0
        }
        guard !data.isEmpty else { return nil }
        return ServerSentEvent(event: event, id: lastID, data: data.joined(separator: "\n"))
    }
}
