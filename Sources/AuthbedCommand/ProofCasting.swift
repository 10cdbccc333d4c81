import Bed
import Judge
import Scenarios

/// Who plays in which cells while checks are being proven.
struct ProofCasting: Sendable {
    /// Whether only the parts are played that hold a check of the kill set.
    let quick: Bool
    private let all: [Cell]
    private let scope: ProofScope

    /// - Throws: `BedError` where one of our own subjects is missing.
    init(catalogue: Catalogue, quick: Bool) throws {
        self.quick = quick
        var subjects: [Subject.Role: Subject] = [:]
        for role in Subject.Role.allCases {
            guard let subject = catalogue.subject("authbed-\(role.rawValue)") else {
                throw BedError("there is no subject authbed-\(role.rawValue)")
            }
            subjects[role] = subject
        }
        guard let server = subjects[.server], let issuer = subjects[.issuer], let client = subjects[.client] else {
            throw BedError("a role is missing")
        }
        all = catalogue.scenarios.map(\.calmer).flatMap { scenario in
            let played = scenario.schemes(with: issuer, client)
            return catalogue.schemes.filter { played.contains($0.id) }.map {
                Cell(scenario: scenario, scheme: $0, era: "2026-07-28", server: server, issuer: issuer, client: client)
            }
        }
        scope = ProofScope(all.map(\.place), quick: quick)
    }

    /// Every cell that one of the defects could touch, with the right subjects.
    func cells(touchedBy defects: [Defect]) -> [Cell] {
        let needed = Set(defects.flatMap(scope.places).map(\.id))
        return all.filter { needed.contains($0.id) }
    }

    /// What a defect could touch.
    func cells(touchedBy defect: Defect) -> [Cell] { cells(touchedBy: [defect]) }

    /// The checks of a defect's kill set that are decided in a cell, as `CHECK@SCHEME`.
    func kills(_ defect: Defect, in cell: Cell) -> Set<String> { scope.kills(defect, in: cell.place) }

    /// The parts of the cell that must turn red with it.
    func killedParts(_ defect: Defect, in cell: Cell) -> Set<String> {
        let killed = kills(defect, in: cell)
        return Set(cell.parts.filter { !killed.isDisjoint(with: cell.decided(by: $0)) })
    }

    /// The same, with subjects that are watched where that can be.
    func watched(_ cell: Cell) -> Cell {
        var cell = cell
        cell.server.watch()
        cell.issuer.watch()
        return cell
    }

    /// The cell of a task as it is played, with the defects in the subject of their role.
    func cell(of task: ProofTask) -> Cell {
        var cell = task.cell
        func bend(_ subject: inout Subject) {
            subject.title = "defective " + task.order.joined(separator: ", ")
            subject.start =
                ["defective", task.role.rawValue, "--exit-with-parent"] + task.order.flatMap { ["--defect", $0] } + [
                    "--config", "{config}",
                ]
        }
        switch task.role {
        case .server: bend(&cell.server)
        case .issuer: bend(&cell.issuer)
        case .client: bend(&cell.client)
        }
        if cell.scenario.battery != nil { cell.cases = task.play.parts }
        cell.endsCasesOnceBroken = true
        return cell
    }

    /// Those that are played in the same way whatever the right subjects show.
    func unwatched(_ defects: [Defect]) -> [Defect] { defects.filter { $0.isSentinel || !Self.isWatched($0.role) } }

    /// Whether the right subject of that role can tell what each defect would have done.
    static func isWatched(_ role: Subject.Role) -> Bool { role != .client }
}

extension Subject {
    /// The same, telling of each defect where it would have done something else.
    fileprivate mutating func watch() {
        title += ", watched"
        start = ["defective", "watch", "--role", role.rawValue, "--exit-with-parent", "--config", "{config}"]
    }
}
