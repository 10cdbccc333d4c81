import Foundation

/// Whether names of sessions can be guessed from those before (MCP, Session Management; NIST SP 800-90B, most common value).
///
/// Statistics show only gross faults: names that count up, repeat, or hardly differ. That they come from a good generator
/// cannot be shown from outside.
package struct SessionNames {
    /// How many are looked at.
    package static let sample = 100
    /// Bits that a name must have at least, by the commonest character of each place.
    static let least = 64.0

    let names: [String]

    package init(_ names: [String]) { self.names = names }

    package var faults: Int {
        guard names.count == Self.sample else { return Self.sample - names.count + 1 }
        let visible = names.allSatisfy { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }
        return [Set(names).count == names.count, visible, !countsUp, bits >= Self.least].count { !$0 }
    }

    /// Whether each is the one before and the same number more.
    private var countsUp: Bool {
        let numbers = names.compactMap { name in Int(String(name.reversed().prefix { $0.isNumber }.prefix(15).reversed())) }
        guard numbers.count == names.count else { return false }
        let steps = Set(zip(numbers, numbers.dropFirst()).map { $1 - $0 })
        return steps.count == 1
    }

    /// The sum over all places of what the commonest character there leaves open.
    private var bits: Double {
        let columns = names.map(\.count).min() ?? 0
        let rows = names.map { Array($0) }
        return (0..<columns).reduce(0) { sum, place in
            let commonest = Dictionary(grouping: rows, by: { $0[place] }).values.map(\.count).max() ?? rows.count
            return sum - log2(Double(commonest) / Double(rows.count))
        }
    }
}
