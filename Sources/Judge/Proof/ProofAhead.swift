/// What was begun before it was known that it would be asked for.
package struct ProofAhead<Key: Hashable & Sendable, Outcome: Sendable>: Sendable {
    package enum State: Sendable {
        /// It was not begun.
        case unknown
        /// It will come back by itself.
        case underWay
        case done(Outcome)
    }

    private var begun: Set<Key> = []
    private var done: [Key: Outcome] = [:]
    private var asked: Set<Key> = []

    package init() {}

    package mutating func begin(_ key: Key) { begun.insert(key) }

    /// - Returns: Whether somebody waits for it; otherwise it is kept until it is asked for.
    package mutating func end(_ key: Key, _ outcome: Outcome) -> Bool {
        guard begun.contains(key) else { return true }
        guard asked.remove(key) == nil else {
            begun.remove(key)
            return true
        }
        done[key] = outcome
        return false
    }

    /// Asks for it, once: whoever asks again wants it to be played again.
    package mutating func take(_ key: Key) -> State {
        guard begun.contains(key), !asked.contains(key) else { return .unknown }
        guard let outcome = done.removeValue(forKey: key) else {
            asked.insert(key)
            return .underWay
        }
        begun.remove(key)
        return .done(outcome)
    }
}
