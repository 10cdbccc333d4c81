import Foundation
import Scenarios
import Trace

/// Sets up the world of one cell, plays its scenario and takes everything down again, whatever happens.
struct CellRunner: Sendable {
    let cell: Cell
    let folder: String
    let trace: TraceWriter
    let pki: CellPKI
    let programs: Programs

    func run() async {
        var complete = false
        do {
            let scenarioJSON = String(decoding: try JSONEncoder().encode(cell.played), as: UTF8.self)
            let schemeJSON = String(decoding: try JSONEncoder().encode(cell.scheme), as: UTF8.self)
            trace.write(cell: cell.id) {
                $0.cellStarted = CellStarted(
                    scenario: cell.scenario.id, scheme: cell.scheme.id, scenarioJSON: scenarioJSON, schemeJSON: schemeJSON)
            }
            if try !isNotApplicable() { try await play() }
            complete = true
        } catch let gap as SubjectGap {
            // Before anything could be asked.
            trace.write(cell: cell.id) { $0.notOffered = NotOffered(verb: NotOffered.scenario, why: gap.why) }
            complete = true
        } catch let error as BedError {
            trace.write(cell: cell.id) { $0.fault = BedFault(message: error.message, lastLines: error.lastLines) }
        } catch is CancellationError {
            trace.write(cell: cell.id) { $0.fault = BedFault(message: "stopped before it was finished") }
        } catch {
            trace.write(cell: cell.id) { $0.fault = BedFault(message: "\(error)") }
        }
        trace.write(cell: cell.id) { $0.cellEnded = CellEnded(complete: complete) }
    }

    /// Writes down what cannot be asked of the server under test.
    ///
    /// - Returns: Whether that is everything, so that nothing need be started.
    private func isNotApplicable() throws -> Bool {
        if cell.issuer.isAttached, cell.scenario.world != .issuerBench {
            let why = "\(cell.issuer.id) was not started by the bed, and is judged alone"
            trace.write(cell: cell.id) { $0.notOffered = NotOffered(verb: NotOffered.scenario, why: why) }
            return true
        }
        if let why = cell.applicability.gap {
            trace.write(cell: cell.id) { $0.notOffered = NotOffered(verb: NotOffered.scenario, why: why) }
            return true
        }
        switch cell.barred {
        case .unfit(let why):
            trace.write(cell: cell.id) { $0.notOffered = NotOffered(verb: NotOffered.firstContact, why: why) }
            return true
        case .fault(let why): throw BedError(why)
        case nil: break
        }
        let gaps = cell.applicability.gaps(needs: cell.needs)
        for (check, why) in gaps.sorted(by: { $0.key < $1.key }) {
            trace.write(cell: cell.id) { $0.notOffered = NotOffered(verb: "check", why: why, check: check) }
        }
        return cell.scenario.measures.isEmpty
            && cell.scenario.decisions.allSatisfy { !$0.schemes.contains(cell.scheme.id) || gaps[$0.id] != nil }
    }

    private func play() async throws {
        if cell.scenario.world == .clientBench { return try await playAroundClient() }
        try await withStage { stage in
            if let battery = cell.played.battery, cell.scenario.world == .issuerBench {
                return try await IssuerBatteryRunner(stage: stage, battery: battery).run()
            }
            try await stage.smoke()
            if let battery = cell.played.battery {
                try await BatteryRunner(stage: stage, battery: battery).run()
            } else {
                try await StoryRunner(stage: stage).run()
            }
        }
    }

    /// The client is the only subject, and started when it is needed.
    private func playAroundClient() async throws {
        guard let battery = cell.played.battery else { throw BedError("the client's bench plays batteries") }
        let world = CellWorld(
            folder: folder, clock: try SubjectClock.make(folder: folder, movable: cell.applicability.movesClock, programs: programs),
            pki: pki,
            programs: programs, server: cell.server, issuer: cell.issuer, client: cell.client, bedIssuer: nil, front: nil)
        let processes = Processes(trace: trace, cell: cell.id, world: world)
        do {
            try await ClientBench(
                stage: Stage(cell: cell, world: world, trace: trace, processes: processes), battery: battery
            ).run()
            try trace.check()
        } catch {
            await processes.stopAll()
            throw error
        }
        await processes.stopAll()
    }

    /// Starts the subjects, hands over the stage, and takes everything down again, whatever happens.
    func withStage(_ body: (Stage) async throws -> Void) async throws {
        let clock = try SubjectClock.make(folder: folder, movable: cell.applicability.movesClock, programs: programs)
        let usesTokens = cell.scheme.presents.contains("token")
        // A server that runs already knows one issuer: the bed, or one that the bed was given tokens of.
        let playsIssuer = cell.scenario.world == .bench || cell.server.lack(of: .otherIssuer) != nil
        let (bedIssuer, otherIssuer) = usesTokens && playsIssuer ? try await bedIssuers(clock) : (nil, nil)
        let issuerStands = usesTokens && bedIssuer == nil
        let front =
            issuerStands && cell.scenario.usesFront ? try await IssuerFront.start(identity: pki.named("issuer"), ca: pki.ca) : nil
        var pki = pki
        pki.trustedBundles = cell.scenario.server?.trust ?? []
        let asksTheAuthority = cell.scheme.ocsp != nil || cell.scenario.server?.listRefresh != nil
        let responder = asksTheAuthority ? try pki.answerQuestions(clock: clock) : nil
        defer {
            responder?.stop()
            bedIssuer?.stop()
            otherIssuer?.stop()
            front?.stop()
        }
        let limbo = cell.scenario.battery?.usesLimbo == true ? try LimboPool(into: "\(folder)/pki/limbo", now: clock.now, limboCases) : nil
        let world = CellWorld(
            folder: folder, clock: clock, pki: pki, programs: programs, server: cell.server, issuer: cell.issuer, client: cell.client,
            bedIssuer: bedIssuer, otherIssuer: otherIssuer, front: front, limbo: limbo, responder: responder,
            tenants: cell.scenario.server?.tenants ?? [:])
        let processes = Processes(trace: trace, cell: cell.id, world: world)
        do {
            try pki.writeRevocationList(now: clock.now)
            if issuerStands { try await startIssuer(processes, world) }
            if cell.scenario.world != .issuerBench { try await startServer(processes, world) }
            try await body(Stage(cell: cell, world: world, trace: trace, processes: processes))
            try processes.check()
            try responder?.check()
            try trace.check()
        } catch {
            await processes.stopAll()
            throw error
        }
        await processes.stopAll()
    }
}
