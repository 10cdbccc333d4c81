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

    /// Round times that fit, with their names, far enough apart to be read.
    func ticks(apart: Double = 40) -> [(x: Double, name: String)] {
        let all: [(Double, String)] = [
            (0, "0"), (0.001, "1 ms"), (0.01, "10 ms"), (0.1, "100 ms"), (1, "1 s"), (10, "10 s"), (60, "1 min"), (600, "10 min"),
            (3600, "1 h"), (86_400, "1 d"), (864_000, "10 d"), (7_776_000, "90 d"), (31_536_000, "1 y"),
        ]
        var ticks: [(x: Double, name: String)] = []
        for (seconds, name) in all where seconds <= longest {
            let x = x(seconds)
            if let last = ticks.last, x - last.x < apart { continue }
            ticks.append((x, name))
        }
        return ticks
    }
}
