import Foundation
import Judge

/// A time axis on which a millisecond and a year both have room: logarithmic beyond the first millisecond.
struct TimeAxis {
    /// Seconds at the right end.
    let longest: Double
    let left: Double
    let width: Double

    private static let first = 0.001

    /// - Parameter end: seconds, more than none.
    init(end: Double, left: Double, width: Double) {
        longest = end
        self.left = left
        self.width = width
    }

    func x(_ seconds: Double) -> Double {
        left + width * Self.place(min(max(seconds, 0), longest)) / Self.place(longest)
    }

    /// From 0 to 1 on an axis that ends with a year: the bar in a cell.
    static func share(_ seconds: Double) -> Double { min(1, place(max(0, seconds)) / place(31_536_000)) }

    private static func place(_ seconds: Double) -> Double { log10(1 + seconds / first) }

    /// Round times with their names, in the order in which they are wanted where not all have room: ends, units, and what is between.
    private static let marks: [(seconds: Double, name: String)] = [
        (0, "0"), (31_536_000, "1 y"), (3600, "1 h"), (1, "1 s"), (86_400, "1 d"), (0.01, "10 ms"), (60, "1 min"), (0.1, "100 ms"),
        (7_776_000, "90 d"), (10, "10 s"), (0.001, "1 ms"), (600, "10 min"), (864_000, "10 d"),
    ]

    /// Those that fit, far enough apart to be read, from left to right.
    func ticks(apart: Double = 40) -> [(x: Double, name: String)] {
        var ticks: [(x: Double, name: String)] = []
        for (seconds, name) in Self.marks where seconds <= longest {
            let x = x(seconds)
            if ticks.allSatisfy({ abs(x - $0.x) >= apart }) { ticks.append((x, name)) }
        }
        return ticks.sorted { $0.x < $1.x }
    }
}
