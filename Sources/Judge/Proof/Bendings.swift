/// Which pieces each defect bends, and so in which order several of them can be put into one subject, each over what those before it
/// have left, without one taking another's place.
package struct Bendings: Sendable, Hashable {
    private let pieces: [String: [String: Bending]]

    /// - Parameter pieces: By defect, and by the names of pieces. One of which nothing is known can be put beside any other.
    package init(_ pieces: [String: [String: Bending]] = [:]) { self.pieces = pieces }

    /// - Returns: All of them, last those that are to be put over others; nil where none of the orders leaves everybody in.
    package func order(_ defects: Set<String>) -> [String]? {
        let contested = contested(by: defects)
        var order = defects.subtracting(contested).sorted(), left = contested.sorted()
        while let next = left.firstIndex(where: { defect in left.allSatisfy { $0 == defect || canBe(defect, under: $0) } }) {
            order.append(left.remove(at: next))
        }
        return left.isEmpty ? order : nil
    }

    /// Those that bend a piece that another one bends, too, unless all of them build on it.
    private func contested(by defects: Set<String>) -> Set<String> {
        guard defects.count > 1 else { return [] }
        var bending: [String: (defects: [String], wrap: Bool)] = [:]
        for defect in defects {
            for (piece, how) in pieces[defect] ?? [:] {
                bending[piece, default: ([], true)].defects.append(defect)
                if how != .wraps { bending[piece]?.wrap = false }
            }
        }
        return Set(bending.values.filter { $0.defects.count > 1 && !$0.wrap }.flatMap(\.defects))
    }

    /// Whether a defect is still there once another one is put over it.
    private func canBe(_ defect: String, under other: String) -> Bool {
        guard let below = pieces[defect], let above = pieces[other] else { return true }
        return below.allSatisfy { piece, bending in
            switch (bending, above[piece]) {
            case (_, nil), (.replaces, .wraps), (.wraps, .wraps): true
            // Nothing is left to be bent, except by one who drops it, too.
            case (.drops, .drops): true
            default: false
            }
        }
    }
}
