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

    /// What tells it from others.
    struct Key: Hashable {
        var cell: String
        var play: ProofPlay
    }

    var key: Key { Key(cell: cell.id, play: play) }
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
    private var balance: ProofBalance
    private var plans: [Place: ProofPlan] = [:]
    /// The longest last.
    private var tasks: [ProofTask] = []
    /// Those that put a server under load, for which there are turns, and the shares of those that are being played.
    private var loads: [ProofTask] = []
    private var loadsUnderWay = 0
    /// How many tasks nobody has begun yet.
    var waiting: Int { tasks.count + loads.count }
    /// By defect: how many of its tasks have not come back, and the cells it was played in.
    private var open: [String: Int] = [:]
    private var played: [String: Set<String>] = [:]
    private var findingsByDefect: [String: ProofFinding] = [:]
    private var counts = (watched: 0, alone: 0, together: 0, plays: 0)

    init(_ defects: [Defect], _ casting: ProofCasting, _ ground: ProofGround) {
        self.defects = defects
        self.ground = ground
        byID = Dictionary(defects.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        balance = ProofBalance(
            right: ground.right, sentinels: Set(defects.filter(\.isSentinel).map(\.id)),
            loosening: Set(defects.filter(\.loosens).map(\.id)))
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
        sort()
        for defect in defects where open[defect.id] == 0 { findingsByDefect[defect.id] = balance.finding(defect.id, cells: 0) }
    }

    /// Notes what the defect must turn red in the cell.
    ///
    /// - Returns: What it could do there; nil where that is played without a plan.
    private mutating func reach(of defect: Defect, in cell: Cell, _ casting: ProofCasting) -> Reach? {
        balance.decide(cell.decided, in: cell.id)
        let all = Set(cell.parts)
        let whole = ProofPlay(defects: [defect.id], parts: all)
        let killed = casting.kills(defect, in: cell)
        balance.expect(killed, of: defect.id, in: cell.id)
        if defect.isSentinel {
            add(ProofTask(cell: cell, role: defect.role, play: whole, order: [defect.id], seconds: .infinity))
            return nil
        }
        let kills = casting.killedParts(defect, in: cell)
        var acts = ground.acting[defect.role]?.parts(defect, in: cell) ?? all
        let unreached = kills.subtracting(acts)
        if !unreached.isEmpty {
            // Nothing should come of it; if something does, the watch is wrong.
            balance.foreseeNothing(killed.intersection(unreached.flatMap { cell.decided(by: $0) }), of: defect.id)
            add(task(cell, defect.role, whole))
        }
        // Whether it then leaves everything as it was or undecided, it may.
        if defect.loosens, kills.isEmpty, ground.acting[defect.role]?.actsAtFirstOnly(defect.id, in: cell.id) ?? false { acts = [] }
        counts.watched += all.subtracting(acts).count
        if casting.quick { acts.formIntersection(kills) }
        return Reach(acts: acts, kills: kills, drownsOthers: defect.loosens)
    }

    private func task(_ cell: Cell, _ role: Subject.Role, _ play: ProofPlay) -> ProofTask {
        let order = plans[Place(cell: cell.id, role: role)]?.order(of: play) ?? play.defects.sorted()
        let place = Place(cell: cell.id, role: role)
        let waits = play.parts.contains { part in play.defects.contains { plans[place]?.kills(part, $0) ?? false } }
        return ProofTask(
            cell: cell, role: role, play: play, order: order, seconds: ground.seconds(cell, play.parts) + (waits ? Self.patience : 0))
    }

    /// Seconds that the bed may wait for somebody who is wrong, and not for the right subject.
    private static let patience = 6.0

    private mutating func add(_ task: ProofTask) {
        for defect in task.play.defects {
            open[defect, default: 0] += 1
            played[defect, default: []].insert(task.cell.id)
        }
        if task.cell.scenario.loadShare > 0 { loads.append(task) } else { tasks.append(task) }
    }

    private mutating func sort() {
        tasks.sort { $0.seconds < $1.seconds }
        loads.sort { $0.seconds < $1.seconds }
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
        // Loads from the beginning on, so that there is no line of them in the end; and no more than come to their turn, or they stood
        // in the way of others.
        if loadsUnderWay < LoadTurn.queue, let task = loads.popLast() {
            loadsUnderWay += task.cell.scenario.loadShare
            counts.plays += 1
            return task
        }
        guard let task = tasks.popLast() else { return nil }
        counts.plays += 1
        return task
    }

    /// - Parameter checks: What came of the task, by `CHECK@SCHEME`.
    /// - Returns: What there is to say of defects of which everything has been played, and which were not proven.
    mutating func note(_ task: ProofTask, _ checks: [String: CheckResult]) -> [String] {
        loadsUnderWay -= task.cell.scenario.loadShare
        let plan = plans[Place(cell: task.cell.id, role: task.role)]
        var odd: Set<String> = []
        for part in task.play.parts {
            let acting = plan?.acting(part, of: task.play.defects) ?? []
            for key in task.cell.decided(by: part) {
                // What was changed by one of several is not known yet.
                if task.play.defects.count == 1, let only = task.play.defects.first { balance.note(checks[key], of: key, with: only) }
                if acting.count == 1, let only = acting.first { balance.note(checks[key], of: key, with: only) }
                if balance.isOdd(key, checks[key], with: acting) { odd.insert(part) }
            }
        }
        follow(task, odd, plan, checks)
        return task.play.defects.sorted().compactMap { id in
            open[id, default: 0] -= 1
            guard open[id] == 0, byID[id] != nil else { return nil }
            let finding = balance.finding(id, cells: played[id]?.count ?? 0)
            findingsByDefect[id] = finding
            return finding.proven ? nil : finding.line
        }
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
        if !more.isEmpty { sort() }
    }

    // MARK: What came of it

    /// In the order of the catalogue.
    var findings: [ProofFinding] { defects.compactMap { findingsByDefect[$0.id] } }

    /// How it was found out.
    var account: String {
        "\(counts.plays) plays; of what defects could do to cases and stories, \(counts.watched) were settled by watching, \(counts.alone) by themselves, \(counts.together) together with others"
    }
}
