/// Quantities as the files write them.
enum Quantity {
    private static let units: [(suffix: String, seconds: Double)] = [
        ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
    ]

    /// Digits, with at most one point between them.
    static func decimal(_ text: Substring) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), text.utf8.count <= 15 else { return nil }
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }) else { return nil }
        return Double(text)
    }

    /// Seconds; at most a hundred years.
    static func duration(_ text: Substring) -> Double? {
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let number = decimal(text.dropLast(unit.suffix.count)) else { continue }
            // Division keeps 5ms at exactly the Double that 0.005 is.
            let seconds = unit.suffix == "ms" ? number / 1000 : number * unit.seconds
            return seconds <= 36_525 * 86_400 ? seconds : nil
        }
        return nil
    }

    /// `LABEL`, `CREDENTIAL.expiry`, either followed by `+promise`, `+2s` or `-1s`.
    static func instant(_ text: String) -> Instant? {
        var instant = Instant(anchor: "")
        var rest = text[...]
        while let sign = rest.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let amount = rest[rest.index(after: sign)...]
            if rest[sign] == "+", amount == "promise", !instant.plusPromise {
                instant.plusPromise = true
            } else if let seconds = duration(amount) {
                instant.plus += rest[sign] == "+" ? seconds : -seconds
            } else {
                // A hyphen within a label.
                break
            }
            rest = rest[..<sign]
        }
        let words = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(words.count), words.allSatisfy({ SourceReader.isLabel(String($0)) }) else { return nil }
        guard words.count == 1 || words[1] == "expiry" else { return nil }
        instant.anchor = String(rest)
        return instant
    }
}

extension Quantity {
    /// `95%` as 0.95.
    static func share(_ text: String) -> Double? {
        guard text.hasSuffix("%"), let percent = decimal(text.dropLast()), percent <= 100 else { return nil }
        return percent / 100
    }
}
