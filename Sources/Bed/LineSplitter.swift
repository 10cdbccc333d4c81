/// Lines out of what a process prints, piece by piece as it comes.
package struct LineSplitter {
    /// Octets of a line that has no end so far. Whoever prints more than this without one has it cut.
    package static let longest = 1 << 20

    private var rest: [UInt8] = []

    package init() {}

    /// - Returns: The lines that have come to their end, without it; octets that are no UTF-8 are replaced.
    package mutating func add(_ piece: UnsafeRawBufferPointer) -> [String] {
        var lines: [String] = []
        var start = piece.startIndex
        while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(line(piece[start..<end]))
            start = end + 1
        }
        rest += piece[start...]
        if rest.count > Self.longest { lines.append(line([])) }
        return lines
    }

    /// - Returns: What was printed after the last end of a line.
    package mutating func end() -> [String] { rest.isEmpty ? [] : [line([])] }

    private mutating func line(_ last: some Collection<UInt8>) -> String {
        defer { rest.removeAll() }
        var octets = rest + last
        if octets.last == UInt8(ascii: "\r") { octets.removeLast() }
        return String(decoding: octets, as: UTF8.self)
    }
}
