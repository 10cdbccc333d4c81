package import Scenarios
import Trace

/// From a trace to verdicts and numbers. Pure: the same trace gives the same results, whenever it is judged.
package enum Judge {
    /// - Parameters:
    ///   - requirements: the checks' levels; a check that is not among them is judged as a MUST.
    ///   - table: what to compare; nil for no table.
    /// - Throws: `TraceError` when an embedded scenario or scheme cannot be read.
    package static func judge(_ trace: RecordedRun, requirements: [Requirement], table: TableDefinition? = nil) throws(TraceError)
        -> Results
    {
        let levels = Dictionary(requirements.map { ($0.id, $0.level) }, uniquingKeysWith: { first, _ in first })
        // What is required of somebody who is not looked at.
        let others = trace.run.role.map { role in Set(requirements.filter { $0.role.rawValue != role }.map(\.id)) } ?? []
        let byCell = Dictionary(grouping: trace.events.filter { $0.cell != nil }) { $0.cell ?? "" }
        var cells: [CellResult] = []
        var lifetimes: [String: Double] = [:]
        for event in trace.events {
            guard let id = event.cell, let started = event.cellStarted else { continue }
            let cell = try self.cell(event, started, byCell[id] ?? [])
            lifetimes[started.scheme] = cell.scheme.lifetime
            var result = result(id, started.scenario, cell, levels)
            result.checks.removeAll { others.contains($0.check) || !(trace.run.checks?.contains($0.check) ?? true) }
            cells.append(result)
        }
        // Whichever cell was played first: the same run gives the same document on two cores and on eight, and in shards.
        cells.sort { ($0.scenario, $0.scheme) < ($1.scenario, $1.scheme) }
        var incomplete = trace.truncated
        if trace.events.last?.runEnded?.interrupted == true { incomplete = "the run was stopped early" }
        let comparison = table.map { self.table($0, cells: cells, lifetimes: lifetimes) }
        var results = Results(
            run: trace.run, incomplete: incomplete, seconds: Double(trace.events.last?.at ?? 0) / 1e9, cells: cells, table: comparison)
        let end = trace.events.last?.runEnded
        (results.requests, results.processes) = (end?.requests, end?.processes)
        return results
    }

    /// The comparison table over cells that may come from several runs.
    /// - Parameter lifetimes: a credential's production lifetime in seconds, by scheme.
    package static func table(_ definition: TableDefinition, cells: [CellResult], lifetimes: [String: Double]) -> ComparisonTable {
        TableJudge(definition: definition, cells: cells, lifetimes: lifetimes).table()
    }

    private static func cell(_ event: TraceEvent, _ started: CellStarted, _ events: [TraceEvent]) throws(TraceError) -> CellTrace {
        do {
            let scenario = try Scenario(json: started.scenarioJSON)
            let scheme = try Scheme(json: started.schemeJSON)
            return CellTrace(started: event, scenario: scenario, scheme: scheme, events: events)
        } catch {
            throw TraceError(line: event.n, message: "the scenario or the scheme of \(started.scenario)@\(started.scheme) cannot be read")
        }
    }

    private static func result(_ id: String, _ scenario: String, _ cell: CellTrace, _ levels: [String: Requirement.Level]) -> CellResult {
        var result = CellResult(id: id, scenario: scenario, scheme: cell.scheme.id, title: cell.scenario.title)
        result.complete = cell.complete
        result.fault = cell.fault
        result.seconds = Double(cell.end - cell.start) / 1e9
        result.calls = cell.calls.count
        result.notOffered = cell.notOffered.map(\.event)
        if let barred = cell.barred { result.notOffered.append(NotOffered(verb: NotOffered.firstContact, why: barred)) }
        result.narration = cell.scenario.steps.indices.compactMap { cell.steps[$0]?.say }
        result.checks = rulings(cell).map { check, ruling, bites in
            CheckResult(check: check, level: levels[check] ?? .must, ruling: ruling, bites: bites)
        }
        if cell.calls.contains(where: { $0.call.set == "smoke" && $0.accepted }) {
            for index in result.checks.indices where result.checks[index].held == true {
                result.checks[index].verdict = .inconclusive
                result.checks[index].held = nil
                result.checks[index].why = "a caller who shows nothing is accepted too, so acceptance proves nothing"
            }
        }
        let measuring = Measuring(cell: cell)
        result.measures = cell.scenario.measures.filter { $0.onlyFor?.contains(cell.scheme.id) ?? true }.map(measuring.take)
        return result
    }

    private static func rulings(_ cell: CellTrace) -> [(String, Ruling, [String])] {
        let scheme = cell.scheme.id
        let story = StoryRules(cell: cell), battery = BatteryRules(cell: cell)
        let expected = cell.scenario.expect.filter { $0.onlyFor?.contains(scheme) ?? true }.map { ($0.check, story.rule($0), $0.bites) }
        let cases = (cell.scenario.battery?.cases ?? []).enumerated().filter { $0.element.schemes?.contains(scheme) ?? true }
            .map { ($0.element.check, battery.rule($0.element, index: $0.offset), $0.element.bites) }
        return expected + cases
    }
}
