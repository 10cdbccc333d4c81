import Bed
import Judge
import Scenarios

/// Something to play while checks are being proven.
struct ProofTask: Sendable {
    /// As the catalogue has it, with the right subjects.
    let cell: Cell
    let role: Subject.Role
    let play: ProofPlay
    /// Its defects, in the order in which they are put into the subject.
    let order: [String]
    /// About how long it takes.
    let seconds: Double
    /// Whether it is played once more because it was left undecided.
    var isSecondTry = false
}

/// Keeps account of what is to be played to prove every defect, of what came of it, and of what has to be played in consequence.
struct ProofDesk: Sendable {
    private struct Place: Hashable {
        var cell: String
        var role: Subject.Role
    }

    private let defects: [Defect]
    private let ground: ProofGround
    private let byID: [String: Defect]
    private var plans: [Place: ProofPlan] = [:]
    /// The longest last.
    private(set) var tasks: [ProofTask] = []
    /// By defect: how many of its tasks have not come back, what the checks were with it, and the cells it was played in.
    private var open: [String: Int] = [:]
    private var bent: [String: [String: CheckResult]] = [:]
    private var played: [String: Set<String>] = [:]
    /// By defect: the checks that it must turn red, and in which cell; and those of them in whose cell it did nothing when it was watched.
    private var expected: [String: [String: String]] = [:]
    private var unacted: [String: Set<String>] = [:]
    /// The cell that decides a check.
    private var cellOf: [String: String] = [:]
    private var findingsByDefect: [String: ProofFinding] = [:]
    private var counts = (watched: 0, alone: 0, together: 0, plays: 0)

    init(_ defects: [Defect], _ casting: ProofCasting, _ ground: ProofGround) {
        self.defects = defects
        self.ground = ground
        byID = Dictionary(defects.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var reaches: [Place: [String: Reach]] = [:]
        var cells: [Place: Cell] = [:]
        for defect in defects {
            open[defect.id] = 0
            for cell in casting.cells(touchedBy: defect) {
                let place = Place(cell: cell.id, role: defect.role)
                cells[place] = cell
                if let reach = reach(of: defect, in: cell, casting) { reaches[place, default: [:]][defect.id] = reach }
            }
        }
        for (place, reaches) in reaches {
            guard let cell = cells[place] else { continue }
            let plan = ProofPlan(
                parts: cell.parts, reaches: reaches, bendings: ground.acting[place.role]?.bendings(in: cell) ?? Bendings())
            plans[place] = plan
            for play in plan.plays { add(task(cell, place.role, play)) }
            count(plan, reaches)
        }
        tasks.sort { $0.seconds < $1.seconds }
        for defect in defects where open[defect.id] == 0 { findingsByDefect[defect.id] = finding(defect) }
    }

    /// Notes what the defect must turn red in the cell.
    ///
    /// - Returns: What it could do there; nil where that is played without a plan.
    private mutating func reach(of defect: Defect, in cell: Cell, _ casting: ProofCasting) -> Reach? {
        for key in cell.decided { cellOf[key] = cell.id }
        let all = Set(cell.parts)
        let whole = ProofPlay(defects: [defect.id], parts: all)
        let killed = casting.kills(defect, in: cell)
        for key in killed { expected[defect.id, default: [:]][key] = cell.id }
        if defect.isSentinel {
            add(ProofTask(cell: cell, role: defect.role, play: whole, order: [defect.id], seconds: .infinity))
            return nil
        }
        let kills = Set(cell.parts.filter { !killed.isDisjoint(with: cell.decided(by: $0)) })
        var acts = ground.acting[defect.role]?.parts(defect, in: cell) ?? all
        let unreached = kills.subtracting(acts)
        if !unreached.isEmpty {
            // Nothing should come of it; if something does, the watch is wrong.
            unacted[defect.id, default: []].formUnion(killed.intersection(unreached.flatMap { cell.decided(by: $0) }))
            add(task(cell, defect.role, whole))
        }
        counts.watched += all.subtracting(acts).count
        if casting.quick { acts.formIntersection(kills) }
        return Reach(acts: acts, kills: kills, drownsOthers: defect.loosens)
    }

    private func task(_ cell: Cell, _ role: Subject.Role, _ play: ProofPlay) -> ProofTask {
        let order = plans[Place(cell: cell.id, role: role)]?.order(of: play) ?? play.defects.sorted()
        return ProofTask(cell: cell, role: role, play: play, order: order, seconds: ground.seconds(cell, play.parts))
    }

    private mutating func add(_ task: ProofTask) {
        for defect in task.play.defects {
            open[defect, default: 0] += 1
            played[defect, default: []].insert(task.cell.id)
        }
        tasks.append(task)
    }

    private mutating func count(_ plan: ProofPlan, _ reaches: [String: Reach]) {
        for (defect, reach) in reaches {
            for part in reach.acts {
                let others = plan.plays.filter { $0.defects.contains(defect) && $0.parts.contains(part) }
                    .map { plan.acting(part, of: $0.defects).count }
                if others.contains(1) { counts.alone += 1 } else { counts.together += 1 }
            }
        }
    }

    /// The next thing to play; nil where there is nothing, or nothing yet.
    mutating func next() -> ProofTask? {
        guard let task = tasks.popLast() else { return nil }
        counts.plays += 1
        return task
    }

    /// - Parameter checks: What came of the task, by `CHECK@SCHEME`.
    /// - Returns: What there is to say of defects of which everything has been played, and which were not proven.
    mutating func note(_ task: ProofTask, _ checks: [String: CheckResult]) -> [String] {
        let plan = plans[Place(cell: task.cell.id, role: task.role)]
        var odd: Set<String> = []
        for part in task.play.parts {
            let acting = plan?.acting(part, of: task.play.defects) ?? []
            for key in task.cell.decided(by: part) {
                // What was changed by one of several is not known yet.
                if task.play.defects.count == 1, let only = task.play.defects.first { bent[only, default: [:]][key] = checks[key] }
                if acting.count == 1, let only = acting.first { bent[only, default: [:]][key] = checks[key] }
                if isOdd(key, checks[key], acting, task) { odd.insert(part) }
            }
        }
        follow(task, odd, plan, checks)
        return task.play.defects.sorted().compactMap { id in
            open[id, default: 0] -= 1
            guard open[id] == 0, let defect = byID[id] else { return nil }
            let finding = finding(defect)
            findingsByDefect[id] = finding
            return finding.proven ? nil : finding.line
        }
    }

    private func isOdd(_ key: String, _ check: CheckResult?, _ acting: Set<String>, _ task: ProofTask) -> Bool {
        guard let check else { return true }
        if let killer = acting.first(where: { expected[$0]?[key] != nil }) { return !(check.isRed && acting == [killer]) }
        guard check.verdict != ground.right[key]?.verdict else { return false }
        // What stands on a check that is killed, or on a control that no longer holds, is left undecided by it.
        guard check.verdict == .inconclusive, acting.count == 1, let only = acting.first else { return true }
        return !(byID[only]?.loosens ?? false) && !(expected[only]?.values.contains(task.cell.id) ?? false)
    }

    /// Adds what has to be played in consequence.
    private mutating func follow(_ task: ProofTask, _ odd: Set<String>, _ plan: ProofPlan?, _ checks: [String: CheckResult]) {
        // Of a sentinel nothing is expected but that it earns no pass.
        guard !odd.isEmpty, let plan, !task.play.defects.contains(where: { byID[$0]?.isSentinel ?? false }) else { return }
        var more = plan.followUps(to: task.play, odd: odd).map { self.task(task.cell, task.role, $0) }
        // A machine that is too busy leaves things undecided: they are tried once more. What is decided stays so.
        let isUndecided = odd.contains { part in task.cell.decided(by: part).contains { checks[$0]?.isUndecided ?? true } }
        if more.isEmpty, isUndecided, !task.isSecondTry {
            more = [task]
            more[0].isSecondTry = true
        }
        for task in more { add(task) }
        if !more.isEmpty { tasks.sort { $0.seconds < $1.seconds } }
    }

    // MARK: What came of it

    /// In the order of the catalogue.
    var findings: [ProofFinding] { defects.compactMap { findingsByDefect[$0.id] } }

    /// How it was found out.
    var account: String {
        "\(counts.plays) plays; of what defects could do to cases and stories, \(counts.watched) were settled by watching, \(counts.alone) by themselves, \(counts.together) together with others"
    }

    private func finding(_ defect: Defect) -> ProofFinding {
        var finding = ProofFinding(defect: defect.id, cells: played[defect.id]?.count ?? 0)
        let bent = bent[defect.id] ?? [:], expected = expected[defect.id] ?? [:], unacted = unacted[defect.id] ?? []
        for key in expected.keys.sorted() {
            if let check = bent[key], check.isRed {
                finding.killed.append(key)
                if unacted.contains(key) { finding.unforeseen.append(key) }
            } else {
                let words = "\(key) (\(bent[key]?.verdict.rawValue ?? "not decided"): \(bent[key]?.why ?? ""))"
                if unacted.contains(key) { finding.void.append(words) } else { finding.survived.append(words) }
            }
        }
        if defect.isSentinel {
            finding.collateral = bent.filter { $0.value.verdict == .pass || $0.value.verdict == .recorded }.keys.sorted()
        } else {
            let hit = Set(finding.killed.compactMap { expected[$0] })
            finding.collateral = bent.compactMap { key, check in
                guard expected[key] == nil, let before = ground.right[key], before.verdict != check.verdict else { return nil }
                // As it stands at `isOdd`, with what was really killed.
                if check.verdict == .inconclusive, defect.loosens || cellOf[key].map(hit.contains) ?? false { return nil }
                return "\(key) (\(check.verdict.rawValue): \(check.why))"
            }
        }
        finding.conclude()
        return finding
    }
}
