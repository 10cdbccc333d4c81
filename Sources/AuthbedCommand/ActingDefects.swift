import Bed
import Foundation
import Judge
import Scenarios
import Trace

/// In which parts of each cell each defect of one role would have done something else, as the right subject told while it was
/// watched.
struct ActingDefects: Sendable {
    private var cells: [String: [String: Set<String>]] = [:]
    private var bendings: [String: Bendings] = [:]

    /// Notes what was told in a cell.
    ///
    /// - Parameters:
    ///   - log: The path of what the watched subject wrote.
    ///   - events: What happened in the cell.
    mutating func note(_ cell: Cell, log: String, events: [TraceEvent]) {
        let octets = FileManager.default.contents(atPath: log) ?? Data()
        let told = WatchLog(String(decoding: octets, as: UTF8.self))
        let parts = cell.parts
        bendings[cell.id] = Bendings(told.bendings)
        cells[cell.id] =
            cell.scenario.battery == nil
            ? Dictionary(uniqueKeysWithValues: told.defects.map { ($0, Set(parts)) }) : told.cases(parts, events)
    }

    mutating func forget(_ cell: String) { cells[cell] = nil }

    /// Of what each defect is made in a cell.
    func bendings(in cell: Cell) -> Bendings { bendings[cell.id] ?? Bendings() }

    /// Nil where nobody has watched: then it may be acting anywhere.
    func parts(_ defect: Defect, in cell: Cell) -> Set<String>? { cells[cell.id].map { $0[defect.id] ?? [] } }
}

extension Cell {
    /// What can be played of it by itself: the cases of a battery, by their checks; a story is one part.
    var parts: [String] {
        guard let battery = scenario.battery else { return [Self.story] }
        return battery.cases.filter { $0.schemes?.contains(scheme.id) ?? true }.map(\.check)
    }

    private static let story = "story"

    /// The checks decided in it, as `CHECK@SCHEME`.
    var decided: [String] {
        scenario.decisions.filter { $0.schemes.contains(scheme.id) }.map { "\($0.id)@\(scheme.id)" }
    }

    /// Those that a part of it decides.
    func decided(by part: String) -> [String] { scenario.battery == nil ? decided : ["\(part)@\(scheme.id)"] }

    /// Whether a subject of that role takes part.
    func plays(_ role: Subject.Role) -> Bool {
        if scenario.world == .clientBench { return role == .client }
        if scenario.world == .issuerBench { return role == .issuer }
        switch role {
        case .server: return true
        case .issuer: return scenario.world == .ensemble && scheme.presents.contains("token")
        case .client:
            return scenario.steps.contains(where: \.verb.isByClient)
        }
    }
}
