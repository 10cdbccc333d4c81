import Judge

/// Pictures over all schemes, as inline SVG whose text says what the picture shows.
enum Plots {
    /// A bracket for each scheme on one axis from a millisecond to a year.
    struct Lane {
        var name: String
        var brackets: [(row: Int, bracket: Bracket)]
    }

    static let shapes = ["●", "■", "▲", "◆"]

    static func windows(_ lanes: [Lane], title: String) -> String? {
        guard !lanes.isEmpty, lanes.contains(where: { !$0.brackets.isEmpty }) else { return nil }
        let left = 132.0, width = 640.0, rowHeight = 26.0, top = 8.0
        let axis = TimeAxis(end: 40_000_000, left: left, width: width - left - 16)
        let bottom = top + rowHeight * Double(lanes.count)
        var parts: [String] = []
        for tick in axis.ticks(apart: 44) {
            let x = HTMLText.decimal(tick.x)
            parts.append(
                "<line class=\"grid\" x1=\"\(x)\" y1=\"\(HTMLText.decimal(top))\" x2=\"\(x)\" y2=\"\(HTMLText.decimal(bottom))\"/>")
            parts.append("<text class=\"tick\" x=\"\(x)\" y=\"\(HTMLText.decimal(bottom + 14))\">\(tick.name)</text>")
        }
        for (index, lane) in lanes.enumerated() {
            let middle = top + rowHeight * (Double(index) + 0.5)
            parts.append(
                "<text class=\"lane\" x=\"\(HTMLText.decimal(left - 10))\" y=\"\(HTMLText.decimal(middle + 4))\">\(HTMLText.escape(lane.name))</text>"
            )
            for (row, bracket) in lane.brackets {
                let y = middle + (Double(row) - 1) * 7
                let low = axis.x(bracket.lower), high = axis.x(bracket.upper ?? axis.longest)
                parts.append(
                    "<line class=\"s\(row)\" x1=\"\(HTMLText.decimal(low))\" y1=\"\(HTMLText.decimal(y))\" x2=\"\(HTMLText.decimal(max(high, low + 1)))\" y2=\"\(HTMLText.decimal(y))\"/>"
                )
                parts.append(mark(row, x: high, y: y))
            }
        }
        let height = Int(bottom) + 20
        return
            "<svg class=\"plot\" viewBox=\"0 0 \(Int(width)) \(height)\" role=\"img\"><title>\(HTMLText.escape(title))</title>\(parts.joined())</svg>"
    }

    /// The series' shape around a point.
    private static func mark(_ row: Int, x: Double, y: Double) -> String {
        func at(_ dx: Double, _ dy: Double) -> String { "\(HTMLText.decimal(x + dx)) \(HTMLText.decimal(y + dy))" }
        let path =
            switch row % 4 {
            case 0: "M\(at(-3.2, 0))a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z"
            case 1: "M\(at(-3, -3))h6v6h-6z"
            case 2: "M\(at(-3.6, 3))h7.2l-3.6 -6.4z"
            default: "M\(at(-3.6, 0))l3.6 -3.6l3.6 3.6l-3.6 3.6z"
            }
        return "<path class=\"m\(row % 4)\" d=\"\(path)\"/>"
    }

    /// A bar for each scheme, with the lowest and the highest round.
    static func throughput(_ bars: [ReportInput.Throughput]) -> String? {
        guard let most = bars.map(\.highest).max(), most > 0 else { return nil }
        let left = 132.0, width = 640.0, rowHeight = 24.0
        let scale = (width - left - 90) / most
        var parts: [String] = []
        for (index, bar) in bars.enumerated() {
            let y = rowHeight * Double(index)
            let middle = HTMLText.decimal(y + 12)
            parts.append(
                "<text class=\"lane\" x=\"\(HTMLText.decimal(left - 10))\" y=\"\(HTMLText.decimal(y + 16))\">\(HTMLText.escape(bar.scheme))</text>"
            )
            parts.append(
                "<rect class=\"col\" x=\"\(HTMLText.decimal(left))\" y=\"\(HTMLText.decimal(y + 4))\" width=\"\(HTMLText.decimal(bar.ratio * scale))\" height=\"16\"/>"
            )
            parts.append(
                "<line class=\"spread\" x1=\"\(HTMLText.decimal(left + bar.lowest * scale))\" y1=\"\(middle)\" x2=\"\(HTMLText.decimal(left + bar.highest * scale))\" y2=\"\(middle)\"/>"
            )
            parts.append(
                "<text x=\"\(HTMLText.decimal(left + bar.highest * scale + 8))\" y=\"\(HTMLText.decimal(y + 16))\">\(Words.number(bar.perSecond.rounded()))/s</text>"
            )
        }
        let words = bars.map { "\($0.scheme) \(Words.number($0.perSecond.rounded()))" }.joined(separator: ", ")
        return
            "<svg class=\"plot\" viewBox=\"0 0 \(Int(width)) \(Int(rowHeight) * bars.count + 4)\" role=\"img\"><title>Calls a second: \(HTMLText.escape(words))</title>\(parts.joined())</svg>"
    }
}
