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
        let sets = Self.sets(events)
        /// The sets of calls that a line's request belongs to, where the bed knows them.
        let known = lines.map { line in line.request.flatMap { sets[$0] } ?? [] }
        let places = known.map { $0.compactMap { position[$0] } }
        let before = Self.latest(places.map { $0.max() })
        let after = Self.latest(places.reversed().map { $0.min() }).reversed()
        var acting: [String: Set<String>] = [:]
        var atFirst: Set<String> = []
        for (line, (sets, (before, after))) in zip(lines, zip(known, zip(before, after))) {
            let played = sets.filter { position[$0] != nil }
            if !played.isEmpty {
                acting[line.defect, default: []].formUnion(played)
            } else if sets == [Self.smoke] {
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

    /// The defects that act in nothing but the very first call.
    ///
    /// - Parameter events: Everything that happened in the cell.
    package func atFirstOnly(_ events: [TraceEvent]) -> Set<String> {
        let sets = Self.sets(events)
        let later = lines.filter { line in line.request.flatMap { sets[$0] } != [Self.smoke] }
        return defects.subtracting(later.map(\.defect))
    }

    private static let smoke = "smoke"

    /// By request, the sets of calls that it belongs to: the right call between two cases is the twin of both.
    private static func sets(_ events: [TraceEvent]) -> [String: Set<String>] {
        var sets: [String: Set<String>] = [:]
        for step in events.compactMap(\.step) {
            guard let label = step.label else { continue }
            for request in step.requests ?? [] { sets[request, default: []].insert(label) }
        }
        for call in events.compactMap(\.call) {
            if let request = call.fields?["x-request-id"] ?? call.request { sets[request, default: []].insert(call.set) }
        }
        return sets
    }

    /// For each place the last value at or before it.
    private static func latest(_ values: [Int?]) -> [Int?] {
        var last: Int?
        return values.map { value in
            last = value ?? last
            return last
        }
    }
}
