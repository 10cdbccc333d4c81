/// What became of one defect, or of one sentinel.
package struct ProofFinding: Sendable, Encodable {
    package var defect: String
    /// Killed by every check of its kill set, and by no other.
    package var proven = false
    package var killed: [String] = []
    /// Checks of the kill set that did not turn red, with what they said.
    package var survived: [String] = []
    /// The same, where the defect did nothing that the right server would not have done: the scenario does not reach it.
    package var void: [String] = []
    /// Checks that changed and are not in the kill set.
    package var collateral: [String] = []
    /// Checks that turned red where the watched subject says that the defect does nothing: then the watch is wrong.
    package var unforeseen: [String] = []
    /// In how many cells it was played.
    package var cells = 0

    package var line: String {
        var text =
            "\(proven ? "●" : "▲") \(defect)  killed by \(killed.count) of \(killed.count + survived.count + void.count), \(cells) cells"
        for (word, keys) in [
            ("survived", survived), ("VOID, it never acted", void), ("collateral", collateral), ("unforeseen", unforeseen),
        ]
        where !keys.isEmpty {
            text += "\n    \(word): \(keys.joined(separator: ", "))"
        }
        return text
    }

    package init(defect: String) { self.defect = defect }

    package mutating func conclude() {
        collateral.sort()
        proven = survived.isEmpty && void.isEmpty && collateral.isEmpty && unforeseen.isEmpty
    }
}
