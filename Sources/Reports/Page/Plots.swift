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
        let rowHeight = 30.0, top = 8.0
        let axis = TimeAxis(end: 40_000_000, left: left, width: width - left - 16)
        let bottom = top + rowHeight * Double(lanes.count)
        var parts: [String] = []
        for tick in axis.ticks(apart: 44) {
            let x = HTMLText.decimal(tick.x)
            parts.append("<path class=grid d=\"M\(x) \(HTMLText.decimal(top))V\(HTMLText.decimal(bottom))\"/>")
            parts.append("<text class=tick x=\(x) y=\(HTMLText.decimal(bottom + 14))>\(tick.name)</text>")
        }
        for (index, lane) in lanes.enumerated() {
            let middle = top + rowHeight * (Double(index) + 0.5)
            parts.append(self.lane(lane.name, y: middle + 4))
            for (row, bracket) in lane.brackets {
                let y = middle + (Double(row) - 1.5) * 6.5
                let low = axis.x(bracket.lower), high = axis.x(bracket.upper ?? axis.longest)
                parts.append(
                    "<path class=s\(row) d=\"M\(HTMLText.decimal(low)) \(HTMLText.decimal(y))H\(HTMLText.decimal(max(high, low + 1)))\"/>")
                parts.append(mark(row, x: high, y: y))
            }
        }
        return picture(parts, height: bottom + 20, title: title)
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

    /// A bar with its lowest and highest round, and what stands behind it.
    struct Bar {
        var name: String
        var value: Double
        var lowest: Double
        var highest: Double
        var words: String
    }

    private static let left = 172.0
    private static let width = 700.0
    private static let right = 118.0
    private static let barHeight = 24.0

    /// - Parameter title: What the numbers are, before the colon.
    static func bars(_ bars: [Bar], title: String) -> String? {
        guard let most = bars.map(\.highest).max(), most > 0 else { return nil }
        let scale = (width - left - right) / most
        let parts = bars.enumerated().map { index, bar in
            let y = barHeight * Double(index)
            return lane(bar.name, y: y + 16)
                + "<path class=col d=\"M\(HTMLText.decimal(left)) \(HTMLText.decimal(y + 4))h\(HTMLText.decimal(bar.value * scale))v16H\(HTMLText.decimal(left))\"/>"
                + "<path class=spread d=\"M\(HTMLText.decimal(left + bar.lowest * scale)) \(HTMLText.decimal(y + 12))h\(HTMLText.decimal((bar.highest - bar.lowest) * scale))\"/>"
                + "<text x=\(HTMLText.decimal(left + bar.highest * scale + 8)) y=\(HTMLText.decimal(y + 16))>\(HTMLText.escape(bar.words))</text>"
        }
        let told = bars.map { "\($0.name) \($0.words)" }.joined(separator: "; ")
        return picture(parts, height: barHeight * Double(bars.count) + 4, title: "\(title): \(told)")
    }

    /// For each scheme the time within which half of the requests were answered, from the lowest to the highest round, and nine in ten.
    static func latencies(_ lanes: [(name: String, latency: ReportInput.Latency)]) -> String? {
        guard let most = lanes.map({ max($0.latency.most, $0.latency.highest) }).max(), most > 0 else { return nil }
        let scale = (width - left - right) / most
        let x = { (microseconds: Double) in HTMLText.decimal(left + microseconds * scale) }
        let told = lanes.map {
            "\($0.name) half within \(microseconds($0.latency.median)), nine in ten within \(microseconds($0.latency.most))"
        }
        let parts = lanes.enumerated().map { index, lane in
            let y = barHeight * Double(index) + 12, latency = lane.latency, end = max(latency.most, latency.highest)
            return self.lane(lane.name, y: y + 4)
                + "<path class=ax d=\"M\(HTMLText.decimal(left)) \(HTMLText.decimal(y))H\(x(latency.most))m0 -5v10\"/>"
                + "<path class=s0 d=\"M\(x(latency.lowest)) \(HTMLText.decimal(y))H\(x(latency.highest))\"/>"
                + mark(0, x: left + latency.median * scale, y: y)
                + "<text x=\(HTMLText.decimal(left + end * scale + 8)) y=\(HTMLText.decimal(y + 4))>\(microseconds(latency.median)), \(microseconds(latency.most))</text>"
        }
        let title = "From request to answer: \(told.joined(separator: "; "))"
        return picture(parts, height: barHeight * Double(lanes.count) + 4, title: title)
    }

    private static func microseconds(_ value: Double) -> String {
        value < 1000 ? "\(Int(value.rounded())) µs" : "\(Words.number((value / 10).rounded() / 100)) ms"
    }

    private static func lane(_ name: String, y: Double) -> String {
        "<text class=lane x=\(HTMLText.decimal(left - 10)) y=\(HTMLText.decimal(y))>\(HTMLText.escape(name))</text>"
    }

    /// - Parameter title: For those who do not see the picture, all that it shows.
    private static func picture(_ parts: [String], height: Double, title: String) -> String {
        "<svg class=\"plot\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\"><title>\(HTMLText.escape(title))</title>\(parts.joined())</svg>"
    }
}
