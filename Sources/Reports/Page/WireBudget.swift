import Judge

/// Which wire texts find room on the page: first of checks that are not right, then in order; what is the same in several
/// schemes is shown once.
struct WireBudget {
    struct Entry {
        var check: String
        var scheme: String
        var verdict: Verdict
        var pair: WirePair
        /// Taken once: it is the dear part.
        let likeness: String

        init(check: String, scheme: String, verdict: Verdict, pair: WirePair) {
            self.check = check
            self.scheme = scheme
            self.verdict = verdict
            self.pair = pair
            likeness = pair.likeness
        }
    }

    /// By check: the pair, and the schemes in which it looked like that.
    private(set) var shown: [String: [(schemes: [String], entry: Entry)]] = [:]
    /// By check, how many pairs that look otherwise found no room.
    private(set) var leftOut: [String: Int] = [:]

    init(pairs: [Entry], limit: Int) {
        var groups: [(key: String, schemes: [String], entry: Entry)] = []
        var places: [String: Int] = [:]
        for entry in pairs {
            let key = "\(entry.check) \(entry.verdict.rawValue) \(entry.likeness)"
            if let place = places[key] {
                groups[place].schemes.append(entry.scheme)
            } else {
                places[key] = groups.count
                groups.append((key, [entry.scheme], entry))
            }
        }
        let urgent = groups.filter { $0.entry.verdict != .pass }, usual = groups.filter { $0.entry.verdict == .pass }
        var room = limit
        // A first look at every check before a second one at any.
        var first: [(key: String, schemes: [String], entry: Entry)] = [], more: [(key: String, schemes: [String], entry: Entry)] = []
        var seen: Set<String> = []
        for group in usual {
            if seen.insert(group.entry.check).inserted { first.append(group) } else { more.append(group) }
        }
        for group in urgent + first + more {
            let size = group.key.utf8.count + 700
            guard size <= room else {
                leftOut[group.entry.check, default: 0] += 1
                continue
            }
            room -= size
            shown[group.entry.check, default: []].append((group.schemes, group.entry))
        }
    }
}
