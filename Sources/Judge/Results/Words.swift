/// Numbers as people say them.
package enum Words {
    /// `0–5 ms`, `2.31–2.36 s`, `59 min 58–59 s`, `open for at least 25 s, then we stopped looking`.
    package static func bracket(_ bracket: Bracket) -> String {
        guard let upper = bracket.upper else {
            return "open for at least \(duration(bracket.lower)), then we stopped looking"
        }
        // What was closed before the command had ended that closed it.
        if upper == 0 { return "0 ms" }
        // Outwards, so that the truth stays inside.
        let low = duration(bracket.lower, rounding: .down), high = duration(upper, rounding: .up)
        if low == high { return "about \(low)" }
        if low == "0 s", let unit = simpleUnit(high) { return "0–\(high.dropLast(unit.count + 1)) \(unit)" }
        return sharing(low, high) ?? "\(low) – \(high)"
    }

    /// Seconds in the units that suit them.
    package static func duration(_ seconds: Double, rounding: FloatingPointRoundingRule = .toNearestOrAwayFromZero) -> String {
        guard seconds.isFinite else { return "for ever" }
        if seconds < 0 { return "-" + duration(-seconds, rounding: rounding == .down ? .up : rounding == .up ? .down : rounding) }
        if seconds == 0 { return "0 s" }
        if seconds < 0.9995 {
            let milliseconds = settled(seconds * 1000).rounded(rounding)
            return milliseconds == 0 ? "0 s" : milliseconds == 1000 ? "1 s" : "\(Int(milliseconds)) ms"
        }
        if seconds < 59.995 { return "\(number(settled(seconds * 100).rounded(rounding) / 100)) s" }
        var rest = Int(min(settled(seconds), 1e12).rounded(rounding))
        var parts: [String] = []
        for (unit, size) in [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)] {
            if rest / size > 0 { parts.append("\(rest / size) \(unit)") }
            rest %= size
        }
        return parts.joined(separator: " ")
    }

    /// Whole numbers with thousands apart, others with at most two places.
    package static func number(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        let hundredths = Int((abs(value) * 100).rounded())
        var whole = String(hundredths / 100)
        for index in stride(from: whole.count - 3, to: 0, by: -3) { whole.insert(",", at: whole.index(whole.startIndex, offsetBy: index)) }
        let fraction = hundredths % 100
        let places = fraction == 0 ? "" : fraction % 10 == 0 ? ".\(fraction / 10)" : fraction < 10 ? ".0\(fraction)" : ".\(fraction)"
        return (value < 0 && hundredths > 0 ? "-" : "") + whole + places
    }

    /// `1 call`, `3 calls`.
    package static func count(_ number: Int, _ noun: String) -> String {
        "\(Words.number(Double(number))) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `a`, `a or b`, `a, b or c`.
    package static func either(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// The arithmetic of clocks leaves dust of nanoseconds, which rounding outwards would blow up to a whole unit.
    private static func settled(_ value: Double) -> Double { (value * 1e5).rounded() / 1e5 }

    /// Where only the smallest unit differs, the others stand once: `59 min 58–59 s`.
    private static func sharing(_ low: String, _ high: String) -> String? {
        let first = low.split(separator: " "), last = high.split(separator: " ")
        guard first.count == last.count, first.last == last.last, first.dropLast(2) == last.dropLast(2) else { return nil }
        return (first.dropLast(2) + ["\(first[first.count - 2])–\(last[last.count - 2])"] + last.suffix(1)).joined(separator: " ")
    }

    private static func simpleUnit(_ text: String) -> String? {
        let words = text.split(separator: " ")
        return words.count == 2 ? String(words[1]) : nil
    }
}
