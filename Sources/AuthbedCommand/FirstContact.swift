import Bed
import Foundation
import Judge
import Scenarios
import Trace

/// Before anything is judged, whether the bed and the server understand each other: the right credential is welcome, nobody and a
/// way of showing it that nobody knows are not, and a scheme that does not exist is not served. Without that, every verdict would
/// be about something else.
struct FirstContact: Sendable {
    let cast: Cast
    let era: String
    let folder: RunFolder

    /// - Returns: The cells, with what keeps those of a scheme from being judged.
    func bar(_ cells: [Cell], report: (String) -> Void) async throws -> [Cell] {
        var schemes: [Scheme] = []
        for cell in cells where cast.server.schemes.contains(cell.scheme.id) && !schemes.contains(cell.scheme) {
            schemes.append(cell.scheme)
        }
        guard !schemes.isEmpty else { return cells }
        var barred = try await meet(schemes)
        if let scheme = schemes.first, let why = try await servesWhatDoesNotExist(like: scheme) {
            for scheme in schemes { barred[scheme.id] = .unfit(why) }
        }
        for (scheme, why) in barred.sorted(by: { $0.key < $1.key }) {
            switch why {
            case .unfit(let why), .fault(let why): report("\(scheme) cannot be judged: \(why)")
            }
        }
        return cells.map { cell in
            var cell = cell
            cell.barred = barred[cell.scheme.id]
            return cell
        }
    }

    private func meet(_ schemes: [Scheme]) async throws -> [String: Cell.Barred] {
        var era = era
        if !cast.server.eras.contains(era), let other = cast.server.eras.last { era = other }
        let cells = schemes.map { cell(Self.scenario($0), $0, era) }.filter { $0.gap == nil }
        let results = try await play(cells, name: "schemes")
        var barred: [String: Cell.Barred] = [:]
        for cell in results {
            if let fault = cell.fault {
                barred[cell.scheme] = .fault(([fault.message] + fault.lastLines.suffix(1)).joined(separator: ": "))
            } else if let check = cell.checks.first(where: { $0.verdict != .pass }) {
                // Where the right credential is not welcome, nothing can be said of the others.
                let what = check.verdict == .inconclusive ? "the right credential is not welcome" : Self.words[check.check] ?? check.check
                barred[cell.scheme] = .unfit("at first contact, \(what): \(check.why)")
            }
        }
        return barred
    }

    /// - Returns: What it did wrong; nil where it refused, or was never told a scheme.
    private func servesWhatDoesNotExist(like scheme: Scheme) async throws -> String? {
        guard cast.server.schemes.count > 1, cast.server.start.contains(where: { $0.contains("{config}") }) else { return nil }
        var unknown = scheme
        unknown.server = "unknown-\(UInt32.random(in: 0...UInt32.max))"
        let results = try await play([cell(Self.scenario(scheme), unknown, era)], name: "unknown-scheme")
        guard results.first?.fault == nil else { return nil }
        return "it was started in a scheme that does not exist and served all the same, so nobody knows which one it serves in any other"
    }

    private func cell(_ scenario: Scenario, _ scheme: Scheme, _ era: String) -> Cell {
        Cell(scenario: scenario, scheme: scheme, era: era, server: cast.server, issuer: cast.issuer, client: cast.client)
    }

    private func play(_ cells: [Cell], name: String) async throws -> [CellResult] {
        guard !cells.isEmpty else { return [] }
        let place = try folder.within("first-contact/\(name)")
        _ = try await place.play(cells, era: era, jobs: 2)
        return try Judge.judge(Judging.read(place.tracePath), requirements: []).cells
    }

    private static let words = [
        "first-contact.nobody": "somebody who shows nothing is not turned away",
        "first-contact.unknown-scheme": "a credential under a scheme nobody knows is not turned away",
    ]

    /// The right credential before and after, nobody in between.
    private static func scenario(_ scheme: Scheme) -> Scenario {
        let refusals = Array(400...499)
        var bends: [(String, Bend)] = [("first-contact.nobody", scheme.presents.contains("certificate") ? .certificate("none") : .absent)]
        if scheme.presents != ["certificate"] { bends.append(("first-contact.unknown-scheme", .presentation("unknown-scheme"))) }
        let cases = bends.map { check, bend in
            Battery.Case(
                check: check, title: check, schemes: nil, bends: [bend], statuses: refusals, mayCut: true, because: [], bites: [], line: 0)
        }
        return Scenario(
            id: "first-contact", title: "First contact", teaches: "", schemes: [scheme.id], world: .bench, timed: false, movesClock: false,
            steps: [], expect: [], measures: [], battery: Battery(baseline: "alice", cases: cases))
    }
}
