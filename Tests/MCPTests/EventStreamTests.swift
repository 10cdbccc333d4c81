import MCP
import Testing

struct EventStreamTests {
    private func parse(_ text: String, pieces: Int = 1) throws -> [ServerSentEvent] {
        var parser = EventStreamParser()
        let bytes = Array(text.utf8)
        return try stride(from: 0, to: bytes.count, by: pieces).flatMap {
            try parser.append(bytes[$0..<min($0 + pieces, bytes.count)])
        }
    }

    @Test("An event reads back as it was written, in pieces of any size", arguments: 1...9)
    func roundTrip(size: Int) throws {
        let events = [
            ServerSentEvent(event: "message", id: "1", data: "{\"a\":1}"), ServerSentEvent(event: nil, id: "1", data: "two\nlines"),
        ]
        #expect(try parse(events.map(\.text).joined(), pieces: size) == events)
    }

    @Test("Lines end with CR, LF or both", arguments: ["\n", "\r", "\r\n"])
    func lineEnds(end: String) throws {
        let text = ["data: a", "data: b", "", "data: c", "", ""].joined(separator: end)
        #expect(try parse(text).map(\.data) == ["a\nb", "c"])
    }

    @Test("Comments, unknown fields and events without data are passed over")
    func ignored() throws {
        #expect(try parse(": ping\n\nretry: 5\nfoo: bar\n\nevent: x\n\ndata: y\n\n").map(\.data) == ["y"])
    }

    @Test("A byte order mark and one blank after the colon do not count")
    func blanks() throws {
        #expect(try parse("\u{FEFF}data:  a\n\ndata:b\n\n").map(\.data) == [" a", "b"])
    }

    @Test("An event that does not end is not read for ever")
    func tooLong() {
        var parser = EventStreamParser(maximumSize: 1000)
        #expect(throws: EventStreamParser.TooLong.self) { _ = try parser.append(Array(repeating: 0x61, count: 1001)) }
    }

    @Test("A line break in a name forges no field")
    func injection() throws {
        let event = ServerSentEvent(event: "a\ndata: forged", id: "1\r\n2", data: "real")
        #expect(try parse(event.text).map(\.data) == ["real"])
    }
}
