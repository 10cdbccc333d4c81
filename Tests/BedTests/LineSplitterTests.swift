import Bed
import Testing

@Suite("Lines out of what a process prints") struct LineSplitterTests {
    /// - Returns: The lines of a text that comes in pieces of that many octets.
    private static func lines(_ text: [UInt8], by size: Int) -> [String] {
        var splitter = LineSplitter()
        var lines: [String] = []
        for start in stride(from: 0, to: text.count, by: size) {
            lines += text[start..<min(start + size, text.count)].withUnsafeBytes { splitter.add($0) }
        }
        return lines + splitter.end()
    }

    @Test("However the text is cut, the lines are the same, and the last needs no end", arguments: [1, 2, 3, 7, 1000])
    func pieces(size: Int) {
        let text = "{\"ready\":{}}\nacts: server/x in é\r\n\nno end"
        #expect(Self.lines(Array(text.utf8), by: size) == ["{\"ready\":{}}", "acts: server/x in é", "", "no end"])
        #expect(Self.lines(Array("one\n".utf8), by: size) == ["one"])
        #expect(Self.lines([], by: size).isEmpty)
    }

    @Test("Octets that are no UTF-8 are replaced, and spare the lines around them")
    func octets() { #expect(Self.lines([0x61, 0x0A, 0xFF, 0x0A, 0x62], by: 2) == ["a", "\u{FFFD}", "b"]) }

    @Test("A line without an end is cut")
    func cut() {
        let lines = Self.lines([UInt8](repeating: 0x61, count: 2 * LineSplitter.longest + 10), by: 4096)
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.utf8.count <= LineSplitter.longest + 4096 })
    }
}
