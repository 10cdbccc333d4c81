/// One side of what a server did with a bent call. A server may keep a thief out and yet do so in the wrong words; one verdict
/// for both would hide the difference.
package struct Facet: Sendable, Codable, Hashable {
    package enum Side: String, Sendable, Codable, CaseIterable {
        /// Nobody was let in, and nothing was done.
        case security
        /// The status says what it was.
        case status
        /// Challenge, fields and body are as they should be, and give nothing away.
        case form
        /// The same process is there, and has answered.
        case availability
    }

    package var side: Side
    /// Nil where that was not seen, or not asked.
    package var held: Bool?
    package var why: String?

    package init(_ side: Side, held: Bool?, why: String? = nil) {
        self.side = side
        self.held = held
        self.why = why
    }
}
