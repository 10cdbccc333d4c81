/// By how much windows move between two runs though nothing has changed, learned from the two runs themselves: on a machine that is
/// busy with other things in one of them a process waits for its turn, and a token was older when it was revoked.
///
/// A change moves a few windows, and noise moves all: so what the middle one moved by is noise. Windows of about the same length are
/// taken together.
package struct WindowNoise: Sendable, Codable, Hashable {
    /// Seconds, for windows of less than a second.
    package var short: Double
    /// For those of less than a minute.
    package var medium: Double
    /// For longer ones: most of them end with a credential's life, which began when its scenario did.
    package var long: Double

    /// How many times the middle one's movement is still noise.
    private static let times = 6.0
    /// What is noise on the quietest machine, in seconds: a probe's interval, and the time that a scenario takes.
    private static let least = WindowNoise(short: 0.01, medium: 0.02, long: 5)
    /// Of fewer windows nothing is learned, and a busy machine has to be allowed for.
    private static let fewest = 8

    private init(short: Double, medium: Double, long: Double) {
        (self.short, self.medium, self.long) = (short, medium, long)
    }

    /// - Parameter pairs: The windows that are in both runs.
    package init(_ pairs: [(Bracket, Bracket)]) {
        self = Self.least
        for place in [\WindowNoise.short, \.medium, \.long] {
            let moved = pairs.filter { Self.place($0, $1) == place }.map { abs($0.middle - $1.middle) }.sorted()
            let least = Self.least[keyPath: place]
            self[keyPath: place] = moved.count < Self.fewest ? 5 * least : max(least, Self.times * moved[moved.count / 2])
        }
    }

    private static func place(_ a: Bracket, _ b: Bracket) -> WritableKeyPath<WindowNoise, Double> {
        switch max(a.lower, b.lower) {
        case ..<1: \.short
        case ..<60: \.medium
        default: \.long
        }
    }

    /// Whether the two are further apart than noise explains, and than half of what each leaves open itself.
    package func tells(_ a: Bracket, from b: Bracket) -> Bool {
        let apart = max(a.lower - (b.upper ?? .infinity), b.lower - (a.upper ?? .infinity))
        return apart > (a.width + b.width) / 2 + self[keyPath: Self.place(a, b)]
    }
}

extension Bracket {
    /// Seconds; 0 where no end was seen.
    fileprivate var width: Double { max(0, (upper ?? lower) - lower) }
    fileprivate var middle: Double { lower + width / 2 }
}
