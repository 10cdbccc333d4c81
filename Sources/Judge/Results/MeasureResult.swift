/// A number with its unit, or why there is none.
package struct MeasureResult: Sendable, Codable, Hashable {
    package enum Value: Sendable, Hashable {
        /// Seconds on the subjects' clock.
        case window(Bracket)
        case count(Int, of: Int)
        case fact(Double, unit: String)
        /// The scheme or the subject has no such thing, and why that is right.
        case notOffered(String)
        /// It could not be measured, and why.
        case missing(String)
    }

    package var name: String
    package var value: Value
    package var evidence: [Int]

    package init(name: String, value: Value, evidence: [Int]) {
        self.name = name
        self.value = value
        self.evidence = evidence
    }

    /// The number in a reader's words.
    package var words: String {
        switch value {
        case .window(let bracket): Words.bracket(bracket)
        case .count(let count, let all): "\(Words.number(Double(count))) of \(Words.number(Double(all)))"
        case .fact(let value, let unit): unit == "s" ? Words.duration(value) : Words.number(value)
        case .notOffered(let why): why
        case .missing(let why): why
        }
    }

    /// Nil when there is no number.
    package var hasValue: Bool {
        switch value {
        case .window, .count, .fact: true
        case .notOffered, .missing: false
        }
    }
}

/// The moment of a change lies between two calls: the last accepted one and the first refused one.
package struct Bracket: Sendable, Codable, Hashable {
    /// Seconds after which the door was certainly still open; 0 when it was never seen open.
    package var lower: Double
    /// Seconds after which it was certainly closed; nil when no refusal was seen while we looked.
    package var upper: Double?
    /// Whether any call after the instant was accepted.
    package var seenOpen: Bool

    package init(lower: Double, upper: Double?, seenOpen: Bool) {
        self.lower = lower
        self.upper = upper
        self.seenOpen = seenOpen
    }
}
