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
    func meet(_ cells: [Cell], report: (String) -> Void) async throws -> Acquaintance {
        var schemes: [Scheme] = []
        for cell in cells where cast.server.schemes.contains(cell.scheme.id) && !schemes.contains(cell.scheme) {
            schemes.append(cell.scheme)
        }
        guard !schemes.isEmpty else { return Acquaintance(cells: cells, era: era) }
        let spoken = cast.server.eras.contains(era) ? era : cast.server.eras.last ?? era
        var met = try await meet(schemes, spoken)
        var (server, chosen) = (cast.server, era)
        if server.isUnknown {
            // Nobody has said yet which revisions it speaks, and whether it names sessions.
            var all = [spoken: met]
            for other in server.eras where other != spoken { all[other] = try await meet(schemes, other) }
            let understood = server.eras.filter { all[$0]?.barred.count ?? 0 < schemes.count }
            if !understood.isEmpty { server.eras = understood }
            if let other = understood.first, !understood.contains(era) {
                report(
                    "it is judged in MCP \(other), since in \(era) \(met.barred.values.map(\.why).sorted().first ?? "it does not answer")")
                (met, chosen) = (all[other] ?? met, other)
            }
            if all[Self.sessionEra]?.seesSessions == false {
                server.lacks[.sessions] = "the server names no sessions, which MCP leaves to it"
            }
        }
        var barred = met.barred
        if let scheme = schemes.first, let why = try await servesWhatDoesNotExist(like: scheme) {
            for scheme in schemes { barred[scheme.id] = .unfit(why) }
        }
        for (scheme, why) in barred.sorted(by: { $0.key < $1.key }) { report("\(scheme) cannot be judged: \(why.why)") }
        return Acquaintance(
            cells: cells.map { cell in
                var cell = cell
                cell.barred = barred[cell.scheme.id]
                (cell.server, cell.era) = (server, cell.era == era ? chosen : cell.era)
                return cell
            }, era: chosen)
    }

    /// The revision in which a server may name sessions.
    private static let sessionEra = "2025-11-25"

    private struct Meeting {
        var barred: [String: Cell.Barred]
        /// Whether any call bore the name of a session.
        var seesSessions: Bool
    }

    private func meet(_ schemes: [Scheme], _ era: String) async throws -> Meeting {
        let cells = schemes.map { cell(Self.scenario($0), $0, era) }.filter { $0.gap == nil }
        guard !cells.isEmpty else { return Meeting(barred: [:], seesSessions: false) }
        let trace = try await play(cells, era, name: "schemes-\(era)")
        var barred: [String: Cell.Barred] = [:]
        for cell in try Judge.judge(trace, requirements: []).cells {
            if let fault = cell.fault {
                var why = ([fault.message] + fault.lastLines.suffix(1)).joined(separator: ": ")
                if cast.server.isUnknown, cast.server.ca == nil, why.contains("SSL certificate problem") {
                    why += "; --ca names a file with whoever vouches for it"
                }
                barred[cell.scheme] = .fault(why)
            } else if let check = cell.checks.first(where: { $0.verdict != .pass }) {
                // Where the right credential is not welcome, nothing can be said of the others.
                let what = check.verdict == .inconclusive ? "the right credential is not welcome" : Self.words[check.check] ?? check.check
                var why = "at first contact, \(what): \(check.why)"
                if cast.server.isUnknown, cast.server.calls.isEmpty, check.why.contains("without a result") {
                    why += "; where it offers no tool canary.read, --tool names another"
                }
                barred[cell.scheme] = .unfit(why)
            }
        }
        let named = trace.events.contains { $0.call?.sent?.lowercased().contains("\nmcp-session-id:") ?? false }
        return Meeting(barred: barred, seesSessions: named)
    }

    /// Asks an issuer for what it tells everybody.
    ///
    /// - Returns: Why nothing can be asked of it; nil where it answers.
    func silence(of cells: [Cell]) async throws -> String? {
        guard let cell = cells.first(where: { $0.scenario.id == "issuer/published" }) ?? cells.first else { return nil }
        return try Judge.judge(try await play([cell], era, name: "issuer"), requirements: []).cells.first?.fault?.message
    }

    /// - Returns: What it did wrong; nil where it refused, or was never told a scheme.
    private func servesWhatDoesNotExist(like scheme: Scheme) async throws -> String? {
        guard cast.server.schemes.count > 1, cast.server.start.contains(where: { $0.contains("{config}") }) else { return nil }
        var unknown = scheme
        unknown.server = "unknown-\(UInt32.random(in: 0...UInt32.max))"
        let trace = try await play([cell(Self.scenario(scheme), unknown, era)], era, name: "unknown-scheme")
        guard try Judge.judge(trace, requirements: []).cells.first?.fault == nil else { return nil }
        return "it was started in a scheme that does not exist and served all the same, so nobody knows which one it serves in any other"
    }

    private func cell(_ scenario: Scenario, _ scheme: Scheme, _ era: String) -> Cell {
        Cell(scenario: scenario, scheme: scheme, era: era, server: cast.server, issuer: cast.issuer, client: cast.client)
    }

    private func play(_ cells: [Cell], _ era: String, name: String) async throws -> RecordedRun {
        let place = try folder.within("first-contact/\(name)")
        _ = try await place.play(cells, era: era, jobs: cast.atOnce(2))
        return try Judging.read(place.tracePath)
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

/// What is to be played after the first contact.
struct Acquaintance {
    var cells: [Cell]
    /// The revision of MCP to speak: the one that was asked for, or else the one that the server understands.
    var era: String
}

extension Cell.Barred {
    /// In words.
    fileprivate var why: String {
        switch self {
        case .unfit(let why), .fault(let why): why
        }
    }
}
