/// Text that a peer wrote, made fit for a terminal and a log: short, printable, and without anything that could be a credential
/// handed back to us.
struct PeerText: CustomStringConvertible {
    let description: String

    init(_ text: String) {
        let printable = String(
            String.UnicodeScalarView(text.unicodeScalars.prefix(200).map { (0x20...0x7E).contains($0.value) ? $0 : " " }))
        description = printable.split(separator: " ").map { word in
            word.utf8.count > 40 ? "[\(word.utf8.count) characters left out]" : String(word)
        }.joined(separator: " ")
    }
}
