import Bed
import Judge
import Scenarios

/// Who plays in which cells while checks are being proven.
struct ProofCasting: Sendable {
    /// Whether only the parts are played that hold a check of the kill set.
    let quick: Bool
    private let subjects: [Subject.Role: Subject]
    private let all: [Cell]
    /// By cell, the checks decided in it, as `CHECK@SCHEME`.
    private let decided: [String: Set<String>]

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
        self.subjects = subjects
        guard let server = subjects[.server], let issuer = subjects[.issuer], let client = subjects[.client] else {
            throw BedError("a role is missing")
        }
        all = catalogue.scenarios.map(\.calmer).flatMap { scenario in
            catalogue.schemes.filter { scenario.schemes.contains($0.id) }.map {
                Cell(scenario: scenario, scheme: $0, era: "2026-07-28", server: server, issuer: issuer, client: client)
            }
        }
        decided = Dictionary(uniqueKeysWithValues: all.map { ($0.id, Set($0.decided)) })
    }

    /// Every cell that one of the defects could touch, with the right subjects.
    func cells(touchedBy defects: [Defect]) -> [Cell] {
        let needed = Set(defects.flatMap { cells(touchedBy: $0).map(\.id) })
        return all.filter { needed.contains($0.id) }
    }

    /// The same, with subjects that are watched where that can be.
    func watched(_ cell: Cell) -> Cell {
        var cell = cell
        cell.server.watch()
        cell.issuer.watch()
        return cell
    }

    /// The checks of a defect's kill set that are decided in a cell, as `CHECK@SCHEME`.
    func kills(_ defect: Defect, in cell: Cell) -> Set<String> {
        Set(defect.kills(in: cell.scheme.id).map { "\($0)@\(cell.scheme.id)" }).intersection(decided[cell.id] ?? [])
    }

    /// What a defect could touch, in those schemes in which a check of its kill set is decided.
    func cells(touchedBy defect: Defect) -> [Cell] {
        if defect.isSentinel { return all.filter { Self.few(for: defect.role).contains($0.id) } }
        let deciding = all.filter { !kills(defect, in: $0).isEmpty }
        if quick { return deciding }
        let schemes = Set(deciding.map(\.scheme.id))
        // An issuer that is caught standing alone need not be caught again in every company.
        let worlds = Set(deciding.map(\.scenario.world))
        return all.filter {
            schemes.contains($0.scheme.id) && $0.plays(defect.role) && (defect.role != .issuer || worlds.contains($0.scenario.world))
        }
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
        return cell
    }

    /// Whether the right subject of that role can tell what each defect would have done.
    static func isWatched(_ role: Subject.Role) -> Bool { role != .client }

    /// A few cells are enough for a subject that does not listen to what it is asked; each takes its time to fail.
    private static func few(for role: Subject.Role) -> Set<String> {
        role == .issuer
            ? ["issuer/clients@oauth-jwt", "issuer/states@oauth-introspection", "issuer/pages@oauth-code", "issuer/codes@oauth-code"]
            : ["scope/read-cannot-write@api-key", "replay/captured@mtls", "identity/wrong-key@api-key", "rotation/under-load@api-key"]
    }
}

extension Subject {
    /// The same, telling of each defect where it would have done something else.
    fileprivate mutating func watch() {
        title += ", watched"
        start = ["defective", "watch", "--role", role.rawValue, "--exit-with-parent", "--config", "{config}"]
    }
}

extension Scenario {
    /// The same with no load above 50 a second. What a load shows of a subject that is wrong it shows at any rate, and here dozens of
    /// loads share the machine; `run` plays the whole one. With the rate goes the number of connections, one of which is opened by each
    /// of the first calls: before anything happens to the server all of them are open, here as there.
    fileprivate var calmer: Scenario {
        var scenario = self
        for index in steps.indices {
            if case .load(let label, let credential, let rate, let connections, let carrier) = steps[index].verb, rate > 50 {
                scenario.steps[index].verb = .load(
                    as: label, with: credential, rate: 50, connections: max(1, Int(Double(connections) * 50 / Double(rate))), over: carrier)
            }
        }
        return scenario
    }
}
