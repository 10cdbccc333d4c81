extension MeasureResult.Value {
    /// Whether two say the same, noise aside.
    ///
    /// Of a count only the share is compared: how many calls a load or a probe makes in its time is chance; that none was accepted, or
    /// all, is not.
    package func isAlike(_ other: Self, _ noise: WindowNoise) -> Bool {
        switch (self, other) {
        case (.window(let a), .window(let b)): !noise.tells(a, from: b)
        case (.count(let a, let ofA), .count(let b, let ofB)): a * max(ofB, 1) == b * max(ofA, 1)
        // Signatures of the same kind are not equally long.
        case (.fact(let a, "bytes"), .fact(let b, "bytes")): abs(a - b) <= max(a, b) / 100
        case (.fact(let a, let unit), .fact(let b, let other)): a == b && unit == other
        case (.notOffered, .notOffered), (.missing, .missing): true
        default: false
        }
    }
}
