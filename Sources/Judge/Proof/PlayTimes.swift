package import Trace

/// How long places took when they were played whole, and so about how long a part of one will take.
package struct PlayTimes: Sendable {
    /// Seconds in all, and by part those of each case.
    private var places: [String: (whole: Double, cases: [String: Double])] = [:]

    package init() {}

    /// - Parameters:
    ///   - whole: Seconds.
    ///   - events: What happened there.
    package mutating func note(_ place: String, whole: Double, events: [TraceEvent]) {
        let cases = events.compactMap(\.step).filter { $0.verb == "case" }.map { ($0.label ?? "", Double($0.end - $0.begin) / 1e9) }
        places[place] = (whole, Dictionary(cases, uniquingKeysWith: +))
    }

    /// About how many seconds it takes to play some parts of a place; a second where nothing is known of it.
    package func seconds(_ place: String, _ parts: Set<String>) -> Double {
        guard let (whole, cases) = places[place] else { return 1 }
        return whole - cases.reduce(0) { $0 + (parts.contains($1.key) ? 0 : $1.value) }
    }
}
