/// What has to be known of an HTTP/1.1 answer to see where it ends (RFC 9112 section 6), and no more: under load that is asked of each.
package struct AnswerHead: Equatable {
    package var status: Int
    /// Of the whole answer, head and body, in octets.
    package var length: Int
    /// Whether the peer ends the connection behind it (RFC 9112 section 9.6).
    package var closes: Bool

    package init(status: Int, length: Int, closes: Bool) {
        (self.status, self.length, self.closes) = (status, length, closes)
    }

    /// - Returns: Nil while the head is not whole, for an interim answer, and for one that does not say how long its body is:
    ///   ``HTTPMessages`` reads those.
    package init?(_ octets: [UInt8]) {
        guard let head = octets.withUnsafeBufferPointer({ Self.read($0) }) else { return nil }
        self = head
    }

    private static func read(_ octets: UnsafeBufferPointer<UInt8>) -> AnswerHead? {
        // HTTP/1.1 200
        guard octets.count > 12, octets.starts(with: "HTTP/1.".utf8), let status = number(octets[9..<12]), status >= 200 else { return nil }
        var length: Int?, closes = false
        var start = 0
        while let end = octets[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = octets[start..<(end > start && octets[end - 1] == UInt8(ascii: "\r") ? end - 1 : end)]
            start = end + 1
            if line.isEmpty { return length.map { AnswerHead(status: status, length: start + $0, closes: closes) } }
            if let value = value(of: "content-length:", in: line) {
                length = number(value)
            } else if let value = value(of: "connection:", in: line) {
                closes = matches(value, "close")
            } else if value(of: "transfer-encoding:", in: line) != nil {
                return nil
            }
        }
        return nil
    }

    /// - Parameter name: In small letters, with its colon.
    private static func value(of name: StaticString, in line: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>>? {
        guard line.count >= name.utf8CodeUnitCount, matches(line.prefix(name.utf8CodeUnitCount), name) else { return nil }
        var value = line.dropFirst(name.utf8CodeUnitCount)
        while value.first == UInt8(ascii: " ") || value.first == UInt8(ascii: "\t") { value = value.dropFirst() }
        while value.last == UInt8(ascii: " ") || value.last == UInt8(ascii: "\t") { value = value.dropLast() }
        return value
    }

    private static func matches(_ octets: Slice<UnsafeBufferPointer<UInt8>>, _ word: StaticString) -> Bool {
        octets.count == word.utf8CodeUnitCount
            && zip(octets, UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)).allSatisfy {
                (($0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z")) ? $0 | 0x20 : $0) == $1
            }
    }

    /// Of decimal digits alone, and no more than fit.
    private static func number(_ octets: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        guard (1...15).contains(octets.count) else { return nil }
        return octets.reduce(0 as Int?) { sum, octet in
            guard let sum, octet >= UInt8(ascii: "0"), octet <= UInt8(ascii: "9") else { return nil }
            return sum * 10 + Int(octet - UInt8(ascii: "0"))
        }
    }
}
