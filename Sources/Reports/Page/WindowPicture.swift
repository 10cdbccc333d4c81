import Judge
import Scenarios
import Trace

/// A window as a picture: the calls after an instant, accepted and refused, and the bracket in which the change lies.
struct WindowPicture {
    let cell: CellEvidence
    let set: String
    let from: Instant
    let bracket: Bracket

    private static let width = 460.0
    private static let left = 64.0
    private static let right = 12.0
    /// Seconds at which an axis may end: the pictures of a page share a few.
    private static let lengths = [0.01, 0.05, 0.25, 1.5, 10, 120, 7200, 8_640_000, 40_000_000]

    /// What all pictures share: each axis once, with the instant from which it counts.
    static var axes: String {
        let groups = lengths.indices.map { index in
            let ticks = axis(index).ticks(apart: 52).map { "<tspan x=\"\(Int($0.x.rounded()))\">\($0.name)</tspan>" }
            return "<g id=ax\(index)><path class=ax d=\"M64 16H\(Int(width - right))\"/><path class=ev d=\"M64 16v70\"/>"
                + "<text class=tick y=11>\(ticks.joined())</text></g>"
        }
        return "<svg class=vh aria-hidden=true><defs>\(groups.joined())</defs></svg>\n"
    }

    private static func axis(_ index: Int) -> TimeAxis { TimeAxis(end: lengths[index], left: left, width: width - left - right) }

    /// Nil when the trace does not know the instant, or shows no call after it.
    /// - Parameter id: Its anchor, nil for none.
    func svg(id: String?) -> String? {
        guard let origin = cell.time(of: from, for: set) else { return nil }
        let own = cell.calls(of: set).filter { $0.begin >= origin }, twins = cell.calls(of: "\(set).twin").filter { $0.begin >= origin }
        guard let name = own.first?.event.credential else { return nil }
        let longest = max(own.map { $0.begin - origin }.max() ?? 0, bracket.upper ?? bracket.lower)
        let index = Self.lengths.firstIndex { $0 >= longest } ?? Self.lengths.count - 1
        let axis = Self.axis(index)
        let base = twins.isEmpty ? 42 : 64
        var parts =
            "<use href=\"#ax\(index)\"/>" + band(axis, base) + label(from.anchor.hasSuffix(".expiry") ? "expiry" : from.anchor, y: 20)
        parts += dots(own, origin, axis, y: 32) + label(name, y: 36)
        if let twin = twins.first?.event.credential { parts += dots(twins, origin, axis, y: 54) + label(twin, y: 58) }
        if let expiry = cell.expiry(of: name).map({ $0 - origin }), expiry > 0, expiry <= axis.longest {
            parts += "<path class=exp d=\"M\(Int(axis.x(expiry).rounded())) 16V\(base)\"/>"
        }
        let title = HTMLText.escape("After “\(from.anchor)”: \(name)’s calls \(words)")
        return
            "<svg\(id.map { " id=\($0)" } ?? "") class=win viewBox=\"0 0 \(Int(Self.width)) \(base)\" role=img><title>\(title)</title>\(parts)</svg>"
    }

    private var words: String {
        guard bracket.upper != nil else { return "stay accepted: \(Words.bracket(bracket))" }
        return "turn from accepted to refused within \(Words.bracket(bracket))"
    }

    /// The span in which the change lies, open to the right where no end was seen.
    private func band(_ axis: TimeAxis, _ base: Int) -> String {
        let low = HTMLText.decimal(axis.x(bracket.lower)), height = base - 18
        guard let upper = bracket.upper else {
            return "<path class=band d=\"M\(Int(Self.width)) \(base)H\(low)v-\(height)H\(Int(Self.width))\"/>"
        }
        let high = HTMLText.decimal(max(axis.x(upper), axis.x(bracket.lower) + 1))
        return "<path class=band d=\"M\(low) \(base)v-\(height)H\(high)v\(height)\"/>"
    }

    /// One mark where several would fall on the same spot: a dot for what was accepted, a stroke for what was refused.
    private func dots(_ calls: [CellEvidence.Call], _ origin: Double, _ axis: TimeAxis, y: Int) -> String {
        var spots: [CallEvent.Outcome: Set<Int>] = [:]
        for call in calls { spots[call.event.outcome, default: []].insert(Int((axis.x(call.begin - origin) / 6).rounded()) * 6) }
        return [(CallEvent.Outcome.accepted, "ok", "h0"), (.refused, "no", "v8"), (.dropped, "gone", "h0")].map { outcome, cls, stroke in
            guard let all = spots[outcome]?.sorted(), let first = all.first else { return "" }
            let top = outcome == .refused ? y - 4 : y, back = outcome == .refused ? -8 : 0
            let more = zip(all, all.dropFirst()).map { "m\($1 - $0) \(back)\(stroke)" }
            return "<path class=\(cls) d=\"M\(first) \(top)\(stroke)\(more.joined())\"/>"
        }.joined()
    }

    private func label(_ name: String, y: Int) -> String {
        "<text class=lane x=56 y=\(y)>\(HTMLText.escape(String(name.prefix(9))))</text>"
    }
}
