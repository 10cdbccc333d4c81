/// What one defect could do in a cell, part by part. The parts are the cases of a battery, by their checks; a story is one part.
package struct Reach: Sendable, Hashable {
    /// Where it does something else than the right subject does.
    package var acts: Set<String>
    /// The parts that must turn red with it.
    package var kills: Set<String>
    /// Whether nothing can be shown of others beside it: where anybody is let in, acceptance proves nothing any more.
    package var drownsOthers: Bool

    package init(acts: Set<String>, kills: Set<String>, drownsOthers: Bool = false) {
        self.acts = acts
        self.kills = kills
        self.drownsOthers = drownsOthers
    }
}

/// Something to play: some parts of a cell, with one defect in the subject or with several.
package struct ProofPlay: Sendable, Hashable {
    package var defects: Set<String>
    package var parts: Set<String>

    package init(defects: Set<String>, parts: Set<String>) {
        self.defects = defects
        self.parts = parts
    }
}

/// How few plays of one cell show what every defect makes of every part of it in which it acts.
///
/// Each case of a battery stands for itself: it begins and ends with an accepted baseline and has one fault between. So it may be
/// played without its neighbours, and what a defect makes of it may be shown in another play than what it makes of them. Where a
/// case does depend on its neighbours, that shows as something that was not expected, and then the cell is played whole.
///
/// - A part in which a defect does nothing is not played with it: every step of it is, with the defect as without, the one that the
///   watched subject has made.
/// - A part that must turn red is played with nothing else in the subject that acts there. What acts elsewhere may be in it, too:
///   it leaves the fault alone, and it leaves alone what the baseline does, which is all that is left once the fault is let through.
/// - A part that none of several defects may change is played once with all of them: if it is unchanged, it is so with each, unless
///   one of them undoes what another has done. If it has changed, halves of them are tried, down to each by itself.
/// - Where one defect would take another's place, so that only one of them were there, they are kept apart.
package struct ProofPlan: Sendable {
    private let parts: [String]
    private let reaches: [String: Reach]
    private let bendings: Bendings
    package private(set) var plays: [ProofPlay] = []

    /// - Parameters:
    ///   - parts: All parts of the cell, in order.
    ///   - reaches: By defect; one that acts nowhere is not played.
    ///   - bendings: How they bend the subject.
    package init(parts: [String], reaches: [String: Reach], bendings: Bendings = Bendings()) {
        self.parts = parts
        self.bendings = bendings
        self.reaches = reaches.filter { !$0.value.acts.isEmpty }.mapValues { reach in
            var reach = reach
            reach.kills.formIntersection(reach.acts)
            return reach
        }
        planKills()
        planTheRest()
    }

    /// The defects that act in a part, of those given.
    package func acting(_ part: String, of defects: Set<String>) -> Set<String> {
        defects.filter { reaches[$0]?.acts.contains(part) ?? false }
    }

    /// Whether the part must turn red with the defect.
    package func kills(_ part: String, _ defect: String) -> Bool { reaches[defect]?.kills.contains(part) ?? false }

    /// The order in which the defects of a play are put into the subject, each over those before it.
    package func order(of play: ProofPlay) -> [String] { bendings.order(play.defects) ?? play.defects.sorted() }

    /// What to play after a play that did not come out as expected.
    ///
    /// - Parameters:
    ///   - odd: The parts that were not what they must be.
    /// - Returns: Nothing where one defect was alone in everything there is: there is no more to find out.
    package func followUps(to play: ProofPlay, odd: Set<String>) -> [ProofPlay] {
        guard play.defects.count > 1 else {
            let whole = ProofPlay(defects: play.defects, parts: Set(parts))
            return play == whole ? [] : [whole]
        }
        var alone: [String: Set<String>] = [:]
        var together: [Set<String>: Set<String>] = [:]
        for part in odd {
            let acting = acting(part, of: play.defects)
            if acting.count == 1, let only = acting.first {
                alone[only, default: []].insert(part)
            } else {
                // Where none acts any of them may have been it.
                together[acting.isEmpty ? play.defects : acting, default: []].insert(part)
            }
        }
        let halves = together.flatMap { defects, parts in
            let sorted = defects.sorted()
            return [sorted.prefix(sorted.count / 2), sorted.dropFirst(sorted.count / 2)].map { ProofPlay(defects: Set($0), parts: parts) }
        }
        return alone.map { ProofPlay(defects: [$0], parts: $1) } + halves
    }

    // MARK: Planning

    /// Whether every part that must turn red has the one defect alone that it must turn red with.
    private func isSound(_ defects: Set<String>, _ parts: Set<String>) -> Bool {
        guard fit(defects) else { return false }
        return parts.allSatisfy { part in
            let acting = acting(part, of: defects)
            return acting.count < 2 || !acting.contains { kills(part, $0) }
        }
    }

    /// Whether all of them show when they are in the subject at once.
    private func fit(_ defects: Set<String>) -> Bool {
        defects.count < 2 || !defects.contains(where: drownsOthers) && bendings.order(defects) != nil
    }

    private func drownsOthers(_ defect: String) -> Bool { reaches[defect]?.drownsOthers ?? false }

    /// Adds to the first play where it fits.
    private mutating func put(_ defects: Set<String>, _ parts: Set<String>) {
        for index in plays.indices where isSound(plays[index].defects.union(defects), plays[index].parts.union(parts)) {
            plays[index].defects.formUnion(defects)
            plays[index].parts.formUnion(parts)
            return
        }
        plays.append(ProofPlay(defects: defects, parts: parts))
    }

    /// Those that act in most parts first: they leave least room for others.
    private mutating func planKills() {
        let killing = reaches.filter { !$0.value.kills.isEmpty }
        for (defect, reach) in killing.sorted(by: { ($1.value.acts.count, $0.key) < ($0.value.acts.count, $1.key) }) {
            put([defect], reach.kills)
        }
    }

    private mutating func planTheRest() {
        var open = reaches.mapValues { $0.acts.subtracting($0.kills) }
        for play in plays { for defect in play.defects { open[defect]?.subtract(play.parts) } }
        open = open.filter { !$0.value.isEmpty }
        while !open.isEmpty {
            let play = widest(open)
            for defect in play.defects { open[defect]?.subtract(play.parts) }
            open = open.filter { !$0.value.isEmpty }
            put(play.defects, play.parts)
        }
    }

    /// The play that shows most of what is open, as far as is found by taking in one defect after the other.
    ///
    /// - Parameter open: Of each defect, the parts that it must leave as they are and of which that was not shown.
    private func widest(_ open: [String: Set<String>]) -> ProofPlay {
        var defects: Set<String> = []
        var parts = Set(self.parts)
        var shown = 0
        for (defect, _) in open.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) })
        where fit(defects.union([defect])) {
            // A part that must turn red with it is left out.
            let fewer = parts.subtracting(reaches[defect]?.kills ?? [])
            let more = defects.union([defect])
            let count = more.reduce(0) { $0 + (open[$1]?.intersection(fewer).count ?? 0) }
            if count > shown { (defects, parts, shown) = (more, fewer, count) }
        }
        return ProofPlay(defects: defects, parts: parts.filter { part in defects.contains { open[$0]?.contains(part) ?? false } })
    }
}
