import Probing
import Testing

@Suite("Server-sent events")
struct EventReaderTests {
    static let text = ": a comment\r\n\r\nevent: message\r\ndata: {\"a\":\r\ndata:1}\r\nid: 7\r\n\r\ndata: last\n\ndata: cut off"

    @Test("are whole with the empty line, whatever pieces they come in", arguments: [1, 2, 3, 7, 1000])
    func pieces(size: Int) {
        var reader = EventReader()
        var events: [String] = []
        var rest = Array(Self.text.utf8)[...]
        while !rest.isEmpty {
            events += reader.take(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        #expect(events == ["{\"a\":\n1}", "last"])
    }

    @Test("do not grow with a line that has no end")
    func endless() {
        var reader = EventReader()
        #expect(reader.take([UInt8](repeating: 0x61, count: 3 << 20)) == [])
        #expect(reader.take("\n\ndata: x\n\n".utf8) == ["x"])
    }
}
