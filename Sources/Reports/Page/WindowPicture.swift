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

    /// Nil when the trace does not know the instant, or shows no call after it.
    var svg: String? {
        guard let origin = cell.time(of: from, for: set) else { return nil }
        let own = cell.calls(of: set).filter { $0.begin >= origin }, twins = cell.calls(of: "\(set).twin").filter { $0.begin >= origin }
        guard let name = own.first?.event.credential else { return nil }
        let longest = max(own.map { $0.begin - origin }.max() ?? 0, bracket.upper ?? bracket.lower)
        let axis = TimeAxis(longest: longest, left: Self.left, width: Self.width - Self.left - Self.right)
        let base = twins.isEmpty ? 62.0 : 86.0
        var parts: [String] = []
        parts.append(band(axis, base))
        parts += dots(own, origin, axis, y: 42) + label(name, y: 42)
        if let twin = twins.first?.event.credential { parts += dots(twins, origin, axis, y: 66) + label(twin, y: 66) }
        if let expiry = cell.expiry(of: name).map({ $0 - origin }), expiry > 0, expiry <= axis.longest {
            let x = HTMLText.decimal(axis.x(expiry))
            parts.append("<line class=\"exp\" x1=\"\(x)\" y1=\"24\" x2=\"\(x)\" y2=\"\(HTMLText.decimal(base))\"/>")
        }
        parts.append("<line class=\"ev\" x1=\"64\" y1=\"14\" x2=\"64\" y2=\"\(HTMLText.decimal(base))\"/>")
        parts.append("<text x=\"68\" y=\"12\">\(HTMLText.escape(from.anchor))</text>")
        parts += axisParts(axis, base)
        let title = HTMLText.escape("After “\(from.anchor)”: \(name)’s calls \(words)")
        return "<svg class=\"win\" viewBox=\"0 0 \(Int(Self.width)) \(Int(base) + 18)\" role=\"img\"><title>\(title)</title>"
            + parts.joined() + "</svg>"
    }

    private var words: String {
        guard bracket.upper != nil else { return "stay accepted: \(Words.bracket(bracket))" }
        return "turn from accepted to refused within \(Words.bracket(bracket))"
    }

    /// The span in which the change lies, with its two ends.
    private func band(_ axis: TimeAxis, _ base: Double) -> String {
        let low = axis.x(bracket.lower), high = bracket.upper.map(axis.x) ?? Self.width - Self.right
        let x = HTMLText.decimal(low), end = HTMLText.decimal(high)
        let y = HTMLText.decimal(base)
        var ends = "M\(HTMLText.decimal(low + 4)) 22H\(x)V\(y)"
        if bracket.upper != nil { ends += "M\(HTMLText.decimal(high - 4)) 22H\(end)V\(y)" }
        return
            "<rect class=\"band\" x=\"\(x)\" y=\"22\" width=\"\(HTMLText.decimal(max(high - low, 1)))\" height=\"\(HTMLText.decimal(base - 22))\"/>"
            + "<path class=\"br\" d=\"\(ends)\"/>"
    }

    /// One mark where several would fall on the same spot; the last of each outcome stays.
    private func dots(_ calls: [CellEvidence.Call], _ origin: Double, _ axis: TimeAxis, y: Double) -> [String] {
        var seen: Set<String> = []
        var accepted = "", refused = "", dropped = ""
        for call in calls {
            let x = axis.x(call.begin - origin)
            guard seen.insert("\(call.event.outcome.rawValue) \(Int(x / 4))").inserted else { continue }
            let place = "\(Int(x.rounded())) \(Int(y))"
            switch call.event.outcome {
            case .accepted: accepted += "M\(place)h0"
            case .refused: refused += "M\(Int(x.rounded()) - 3) \(Int(y) - 3)l6 6m0-6l-6 6"
            case .dropped: dropped += "M\(place)h0"
            }
        }
        return [("ok", accepted), ("no", refused), ("gone", dropped)].filter { !$0.1.isEmpty }.map {
            "<path class=\"\($0.0)\" d=\"\($0.1)\"/>"
        }
    }

    private func label(_ name: String, y: Double) -> [String] {
        ["<text class=\"lane\" x=\"56\" y=\"\(HTMLText.decimal(y + 4))\">\(HTMLText.escape(String(name.prefix(9))))</text>"]
    }

    private func axisParts(_ axis: TimeAxis, _ base: Double) -> [String] {
        let y = HTMLText.decimal(base)
        var parts = ["<line class=\"ax\" x1=\"64\" y1=\"\(y)\" x2=\"\(HTMLText.decimal(Self.width - Self.right))\" y2=\"\(y)\"/>"]
        let ticks = axis.ticks(apart: 52).map { "<tspan x=\"\(Int($0.x.rounded()))\">\($0.name)</tspan>" }
        parts.append("<text class=\"tick\" y=\"\(Int(base) + 13)\">\(ticks.joined())</text>")
        return parts
    }
}
