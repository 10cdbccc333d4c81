/// How long the answers to wrong secrets took, by how far each secret was right. Kept as the text of a fact.
package struct TimingSamples: Sendable, Codable, Hashable {
    /// How many leading characters of the secret are right: ascending; the first three are equal.
    package var classes: [Int]
    /// How many characters the whole secret has.
    package var length: Int
    /// By repeat, on a connection of its own; by block, in which each class stands once, in random order; by class: nanoseconds
    /// from the first octet sent to the first octet received.
    package var repeats: [[[Int]]]

    package init(classes: [Int], length: Int, repeats: [[[Int]]]) {
        self.classes = classes
        self.length = length
        self.repeats = repeats
    }
}
