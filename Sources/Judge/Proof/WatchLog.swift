import Scenarios
package import Trace

/// What a watched subject has told: which defects would have done something else than it did, and in which requests.
///
/// A line says `acts: DEFECT in REQUEST`, by the value of the answer's `X-Request-Id` or by the address of a peer who came to no
/// request, or `acts: DEFECT` where it belongs to neither. Before them, `bends: DEFECT drops PIECE`, or `replaces` or `wraps`, tells
/// of what it is made of.
package struct WatchLog: Sendable, Hashable {
    /// In the order in which they were written.
    private var lines: [Line] = []
    /// By defect, how it bends which pieces of the subject.
    package private(set) var bendings: [String: [String: Bending]] = [:]

    private struct Line: Sendable, Hashable {
        var defect: String
        var request: String?
    }

    /// - Parameter text: Everything that the subject wrote; other lines are passed over.
    package init(_ text: String) {
        // Octets that are no UTF-8 have been replaced by now, and stand in lines of others.
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 1 else { continue }
            if line.hasPrefix("acts: ") {
                lines.append(Line(defect: words[1], request: words.count == 4 && words[2] == "in" ? words[3] : nil))
            } else if line.hasPrefix("bends: "), words.count == 4, let bending = Bending(rawValue: words[2]) {
                bendings[words[1], default: [:]][words[3]] = bending
            }
        }
    }

    /// Every defect that acts somewhere.
    package var defects: Set<String> { Set(lines.map(\.defect)) }

    /// In which of a battery's cases each defect acts.
    ///
    /// The trace knows the request of each call. Those that are no call of a case, such as the question how often something was
    /// written, lie between two calls: a battery is played one request after another, so they belong to the case of the one before
    /// or of the one behind. What lies before the first case lies before all of them: keys are fetched then and remembered, and
    /// whatever a defect makes of that it may make of every case. The same is supposed of what belongs to no request.
    ///
    /// The very first call, by somebody who shows nothing, is repeated before whatever is played. What acts there alone is seen with
    /// any of the cases, so with the first.
    ///
    /// - Parameters:
    ///   - cases: The checks of the cases that were played, in order.
    ///   - events: Everything that happened in the cell.
    package func cases(_ cases: [String], _ events: [TraceEvent]) -> [String: Set<String>] {
        let position = Dictionary(cases.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var sets: [String: String] = [:]
        for step in events.compactMap(\.step) { for request in step.requests ?? [] { sets[request] = step.label } }
        for call in events.compactMap(\.call) {
            if let request = call.fields?["x-request-id"] ?? call.request { sets[request] = call.set }
        }
        /// The set of calls that a line's request belongs to, where the bed knows it.
        let known = lines.map { line in line.request.flatMap { sets[$0] } }
        let before = Self.latest(known.map { $0.flatMap { position[$0] } })
        let after = Self.latest(known.reversed().map { $0.flatMap { position[$0] } }).reversed()
        var acting: [String: Set<String>] = [:]
        var atFirst: Set<String> = []
        for (line, (set, (before, after))) in zip(lines, zip(known, zip(before, after))) {
            if let set, position[set] != nil {
                acting[line.defect, default: []].insert(set)
            } else if set == Self.smoke {
                atFirst.insert(line.defect)
            } else if line.request != nil, let before {
                acting[line.defect, default: []].formUnion(cases[before...max(before, after ?? cases.count - 1)])
            } else {
                acting[line.defect, default: []].formUnion(cases)
            }
        }
        for defect in atFirst where acting[defect] == nil { acting[defect] = Set(cases.prefix(1)) }
        return acting
    }

    private static let smoke = "smoke"

    /// For each place the last value at or before it.
    private static func latest(_ values: [Int?]) -> [Int?] {
        var last: Int?
        return values.map { value in
            last = value ?? last
            return last
        }
    }
}
