import Trace

/// What one repeat of a timing says, in nanoseconds: each figure a mean over batches of blocks, with its standard error.
struct TimingStatistics {
    struct Figure {
        var mean: Double
        var error: Double
        /// The standard deviation of one block.
        var deviation: Double
        /// How many standard errors it lies from nothing.
        var score: Double { error > 0 ? mean / error : 0 }
    }

    /// One right character against none.
    let step: Figure
    /// A further right character, from the first on.
    let slope: Figure
    /// Differences between classes that are the same, where there is nothing to find.
    let nothing: [Figure]

    /// Fewer blocks, or batches, say nothing about how much they vary.
    static let fewestBlocks = 20
    private static let batches = 10

    /// - Parameter blocks: Of `TimingSamples`; the first three classes are the same.
    /// - Returns: Nil for fewer blocks than are needed.
    init?(_ blocks: [[Int]], classes: [Int]) {
        let kept = Self.cropped(blocks)
        guard classes.count >= 5, kept.count >= Self.fewestBlocks else { return nil }
        func figure(_ value: ([Double]) -> Double) -> Figure { Self.figure(of: kept.map { value($0.map(Double.init)) }) }
        let right = classes[3...].map(Double.init)
        let middle = right.reduce(0, +) / Double(right.count)
        let spread = right.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
        step = figure { $0[3] - ($0[0] + $0[1] + $0[2]) / 3 }
        slope = figure { block in zip(right, block[3...]).reduce(0) { $0 + ($1.0 - middle) * $1.1 } / spread }
        nothing = [(0, 1), (0, 2), (1, 2)].map { first, second in figure { $0[second] - $0[first] } }
    }

    /// Without blocks in which an answer was held up: where one is above nine tenths of its class. By class, since a class that
    /// really takes longer must not lose all its blocks.
    private static func cropped(_ blocks: [[Int]]) -> [[Int]] {
        guard let width = blocks.first?.count else { return [] }
        let limits = (0..<width).map { index in
            let sorted = blocks.map { $0[index] }.sorted()
            return sorted[min(sorted.count - 1, sorted.count * 9 / 10)]
        }
        return blocks.filter { zip($0, limits).allSatisfy { $0 <= $1 } }
    }

    /// Blocks close in time are alike; means of batches are less so.
    private static func figure(of values: [Double]) -> Figure {
        let size = values.count / batches
        let means = (0..<batches).map { index in values[(index * size)..<((index + 1) * size)].reduce(0, +) / Double(size) }
        let mean = means.reduce(0, +) / Double(batches)
        let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(batches - 1)
        return Figure(
            mean: mean, error: (variance / Double(batches)).squareRoot(), deviation: (variance * Double(size)).squareRoot())
    }
}
