import Scenarios
package import Trace

/// In which parts of each place each defect of one role would have done something else, as the right subject told while it was
/// watched.
package struct ActingDefects: Sendable {
    private var acting: [String: [String: Set<String>]] = [:]
    private var atFirstOnly: [String: Set<String>] = [:]
    private var bendings: [String: Bendings] = [:]

    package init() {}

    /// Notes what was told in a place.
    ///
    /// - Parameters:
    ///   - log: What the watched subject wrote.
    ///   - events: What happened there.
    package mutating func note(_ place: ProofPlace, log: String, events: [TraceEvent]) {
        let told = WatchLog(log)
        let parts = place.parts
        bendings[place.id] = Bendings(told.bendings)
        atFirstOnly[place.id] = told.atFirstOnly(events)
        acting[place.id] =
            place.scenario.battery == nil
            ? Dictionary(uniqueKeysWithValues: told.defects.map { ($0, Set(parts)) }) : told.cases(parts, events)
    }

    /// From now on nobody has watched there.
    package mutating func forget(_ place: String) { (acting[place], atFirstOnly[place]) = (nil, nil) }

    /// Of what each defect is made there.
    package func bendings(in place: String) -> Bendings { bendings[place] ?? Bendings() }

    /// Whether it does something else only where somebody who shows nothing calls before anything else. The judge asks of that call whether
    /// it was accepted: then nothing in the place is decided, and otherwise everything is as it was.
    package func actsAtFirstOnly(_ defect: String, in place: String) -> Bool { atFirstOnly[place]?.contains(defect) ?? false }

    /// Nil where nobody has watched: then it may be acting anywhere.
    package func parts(_ defect: String, in place: String) -> Set<String>? { acting[place].map { $0[defect] ?? [] } }
}
