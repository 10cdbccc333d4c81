import Forging
import Foundation
import Probing
import Scenarios
import Trace

/// Plays a battery around a client under test. What counts is what reaches the bed: a client that fails has kept its secret, and one
/// that says that it failed may have told it all the same.
struct ClientBench: Sendable {
    let stage: Stage
    let battery: Battery

    /// How long a client may take for a call that is not meant to take long.
    static let limit = Duration.seconds(10)

    /// A client that is used more than once, where it keeps nothing that would tell one call from another.
    private final class Shared { var driver: (any ClientDriver)? }

    func run() async throws {
        let credential = try await issue()
        let surroundings = try Surroundings(
            credential: credential, pki: stage.world.pki, folder: stage.world.folder, now: stage.world.clock.now)
        defer { surroundings.stop() }
        let shared = Shared()
        let absent = stage.cell.applicability.gaps(needs: stage.cell.needs)
        for (index, item) in battery.cases.enumerated()
        where (item.schemes?.contains(stage.cell.scheme.id) ?? true) && absent[item.check] == nil {
            try Task.checkCancellation()
            let begin = stage.trace.now
            try await play(item, surroundings, shared)
            stage.trace.write(cell: stage.cell.id) {
                $0.step = StepEvent(
                    index: index, verb: "case", say: item.title, label: item.check, begin: begin, end: stage.trace.now,
                    clock: stage.world.clock.offset)
            }
        }
        await shared.driver?.stop()
    }

    /// What the client shows, as this scheme has it. The bed is who accepts it, so nobody else has to know of it.
    private func issue() async throws -> Credential {
        var credential = Credential(name: battery.baseline, principal: battery.baseline, scopes: StoryRunner.allScopes)
        let scheme = stage.cell.scheme
        if scheme.presents.contains("api-key") {
            credential.apiKey = "sk_test_" + TokenForge.randomIdentifier() + TokenForge.randomIdentifier()
        }
        if scheme.presents.contains("certificate") {
            let issued = try stage.world.pki.issueClient(
                name: credential.name, principal: credential.principal, lifetime: 86_400, now: stage.world.clock.now)
            (credential.identity, credential.thumbprint) = (issued.identity, issued.thumbprint)
        }
        return credential
    }

    private func play(_ item: Battery.Case, _ surroundings: Surroundings, _ shared: Shared) async throws {
        var counts: [String: Int] = [:]
        try await twin(item, surroundings, shared, 0)
        for (index, bend) in item.bends.enumerated() {
            guard case .peer(let change) = bend else { throw BedError("\(bend.field) is not bent on the client's bench") }
            try surroundings.change(change, now: stage.world.clock.now)
            let (report, seen, begin) = try await call(item, surroundings, shared)
            var event = event(item, index + 1, credential: surroundings.credential, begin: begin)
            event.bent = "\(change.part.rawValue): \(change.how)"
            judge(&event, report, seen, surroundings.credential, isHostile: change.isHostile)
            stage.trace.write(cell: stage.cell.id) { $0.call = event }
            counts["connections", default: 0] = max(counts["connections"] ?? 0, seen.connections)
        }
        surroundings.restore()
        for (name, count) in counts where item.atMost[name] != nil { stage.fact("\(item.check).\(name)", Double(count), unit: name) }
        try await twin(item, surroundings, shared, item.bends.count + 1)
    }

    private func twin(_ item: Battery.Case, _ surroundings: Surroundings, _ shared: Shared, _ ordinal: Int) async throws {
        let (report, seen, begin) = try await call(item, surroundings, shared)
        var event = event(item, ordinal, credential: surroundings.credential, begin: begin)
        event.twin = true
        judge(&event, report, seen, surroundings.credential, isHostile: false)
        stage.trace.write(cell: stage.cell.id) { $0.call = event }
    }

    private func call(
        _ item: Battery.Case, _ surroundings: Surroundings, _ shared: Shared
    ) async throws -> (ClientReport, Surroundings.Seen, Int64) {
        let begin = stage.trace.now
        let driver: any ClientDriver
        if let kept = shared.driver {
            driver = kept
        } else {
            driver = try await stage.clientDriver(surroundings.credential, url: surroundings.url)
        }
        shared.driver = driver
        let report = try await driver.call(item.tool ?? "canary.read", parallel: 1, limit: Self.limit)
        let seen = await surroundings.seen(gaveUp: report.hung)
        if report.hung {
            await driver.stop()
            shared.driver = nil
        }
        return (report, seen, begin)
    }

    private func event(_ item: Battery.Case, _ ordinal: Int, credential: Credential, begin: Int64) -> CallEvent {
        CallEvent(
            set: item.check, ordinal: ordinal, credential: credential.name, twin: false, channel: "client",
            tool: item.tool ?? "canary.read", begin: begin, end: stage.trace.now, clock: stage.world.clock.offset, outcome: .refused,
            newConnection: true, resumed: false)
    }

    /// - Parameter isHostile: Whether nothing at all should have been told to the server.
    private func judge(
        _ event: inout CallEvent, _ report: ClientReport, _ seen: Surroundings.Seen, _ credential: Credential, isHostile: Bool
    ) {
        if isHostile, seen.wasTold {
            event.outcome = .accepted
            event.face = seen.secretArrived ? "the secret arrived" : "a request arrived, without the secret"
            return
        }
        if !isHostile, report.succeeded, seen.toolWasCalled {
            event.outcome = .accepted
            return
        }
        event.outcome = report.hung ? .dropped : .refused
        let words = report.words.map { Redaction.apply($0, secrets: credential.secrets) } ?? "no reason"
        event.face = seen.alert.map { "alert \(TLSAlert.name($0)); \(words)" } ?? words
        // Words are the client's own, and say what it looked at first; only an alert says what it holds against the bed.
        if let reason = seen.alert.flatMap({ CallMaker.alertReasons[TLSAlert.name($0)] }) {
            (event.reason, event.reasonSource) = (reason, .alert)
        }
    }
}

extension PeerChange {
    /// Whether the server is none that a client should talk to.
    var isHostile: Bool { part == .tls && !["cut", "asks", "asks-by-name", "takes-other-authorities"].contains(how) }
}
