/// A part of a run, `i/n`: every n-th cell from the i-th on, in the order of the catalogue, so that each machine gets some of
/// every scenario.
package struct Shard: Sendable, Hashable, CustomStringConvertible {
    /// From 1.
    package let index: Int
    package let count: Int

    /// - Returns: Nil for what is no part of at most 10,000.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1], count >= 1, count <= 10_000, (1...count).contains(index) else {
            return nil
        }
        self.index = index
        self.count = count
    }

    package var description: String { "\(index)/\(count)" }

    package func part<Element>(of all: [Element]) -> [Element] {
        stride(from: index - 1, to: all.count, by: count).map { all[$0] }
    }
}
