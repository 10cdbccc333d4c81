/// An `error` value (RFC 6749 section 5.2, RFC 6750 section 3): short and printable, since it is shown to people.
struct ErrorCode {
    let text: String

    /// Nil for what is no error code: nothing of a peer's choosing gets into a terminal or a log unread.
    init?(_ text: String) {
        guard (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") })
        else { return nil }
        self.text = text
    }
}
