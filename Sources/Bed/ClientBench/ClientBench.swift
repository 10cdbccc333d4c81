import Forging
import Foundation
import Probing
import Scenarios
import Trace

/// Plays a battery around a client under test. What counts is what reaches the bed: a client that fails has kept its secret, and one
/// that says that it failed may have told it all the same. Between two cases nothing is wrong for one call, which counts for both.
struct ClientBench: Sendable {
    let stage: Stage
    let battery: Battery

    /// How long a client may take for a call.
    private static let limit = Duration.seconds(10)
    /// How long it is told to wait for an answer, and how long until it counts as hung, where no answer comes.
    private static let (patience, hangLimit) = (1, Duration.seconds(5))

    /// The client's call around which nothing is wrong, after one case and before the next.
    private struct Twin {
        var event: CallEvent
        var tool: String?

        /// How much longer others may take, on a machine on which this call took so long.
        var allowance: Duration { min(.nanoseconds(3 * (event.end - event.begin)), .seconds(30)) }
    }

    /// A client that is used more than once, where it keeps nothing that would tell one call from another.
    private final class Shared { var driver: (any ClientDriver)? }

    private var usesTokens: Bool { stage.cell.scheme.presents.contains("token") }

    func run() async throws {
        let surroundings = try Surroundings(
            credential: try issue(), usesTokens: usesTokens, pki: stage.world.pki, folder: stage.world.folder,
            shown: stage.shownAddresses, now: stage.world.clock.now)
        defer { surroundings.stop() }
        try FileManager.default.createDirectory(atPath: stage.clientHome, withIntermediateDirectories: true)
        let shared = Shared()
        var last: Twin?
        let absent = stage.cell.applicability.gaps(needs: stage.cell.needs)
        for (index, item) in battery.cases.enumerated()
        where (item.schemes?.contains(stage.cell.scheme.id) ?? true) && absent[item.check] == nil {
            try Task.checkCancellation()
            let begin = stage.trace.now
            last = try await play(item, surroundings, shared, after: last)
            stage.trace.write(cell: stage.cell.id) {
                $0.step = StepEvent(
                    index: index, verb: "case", say: item.title, label: item.check, begin: begin, end: stage.trace.now,
                    clock: stage.world.clock.offset)
            }
        }
        await shared.driver?.stop()
    }

    /// What the client shows, as this scheme has it. The bed is who accepts it, so nobody else has to know of it.
    private func issue() throws -> Credential {
        // Which scopes to ask for it is told by its server.
        var credential = Credential(name: battery.baseline, principal: battery.baseline, scopes: [])
        let scheme = stage.cell.scheme
        let secret = TokenForge.randomIdentifier() + TokenForge.randomIdentifier()
        if scheme.presents.contains("api-key") { credential.apiKey = "sk_test_" + secret }
        if scheme.presents.contains("certificate") {
            let issued = try stage.world.pki.issueClient(
                name: credential.name, principal: credential.principal, lifetime: 86_400, now: stage.world.clock.now)
            (credential.identity, credential.thumbprint) = (issued.identity, issued.thumbprint)
        }
        if usesTokens {
            credential.clientID = credential.principal
            if scheme.isUsers, stage.cell.client.contract == .session {
                credential.login = Login(user: credential.principal, password: secret)
            } else {
                credential.clientSecret = secret
            }
        }
        return credential
    }

    /// - Parameter last: What the client made of nothing at all just now; nil where it has not been tried.
    /// - Returns: What it made of that in the end; nil where it did not work.
    private func play(
        _ item: Battery.Case, _ surroundings: Surroundings, _ shared: Shared, after last: Twin?
    ) async throws -> Twin? {
        var worst: [String: Int] = [:]
        let before = if let last, last.tool == item.tool { last } else { try await twin(item, surroundings, shared) }
        write(before, item, 0)
        for (index, bend) in item.bends.enumerated() {
            guard case .peer(let change) = bend else { throw BedError("\(bend.field) is not bent on the client's bench") }
            let (report, seen, begin) = try await call(item, surroundings, shared, change, allowing: before.allowance)
            var event = event(item, index + 1, credential: surroundings.credential, begin: begin)
            event.bent = "\(change.part.rawValue): \(change.how)"
            judge(&event, report, seen, surroundings, change.sign)
            stage.trace.write(cell: stage.cell.id) { $0.call = event }
            worst["hangs"] = max(worst["hangs"] ?? 0, report.hung ? 1 : 0)
            worst.merge(seen.counts, uniquingKeysWith: max)
        }
        let belongings = ClientBelongings(secrets: surroundings.script.secrets)
        worst["leaks-in-log"] = belongings.secrets(inFile: stage.world.logPath("client"))
        worst["readable-secrets"] = belongings.readableFiles(in: [stage.clientHome], and: stage.tokenCache(of: surroundings.credential))
        for name in item.atMost.keys { stage.fact("\(item.check).\(name)", Double(worst[name] ?? 0), unit: name) }
        let after = try await twin(item, surroundings, shared)
        write(after, item, item.bends.count + 1)
        return after.event.outcome == .accepted ? after : nil
    }

    private func twin(_ item: Battery.Case, _ surroundings: Surroundings, _ shared: Shared) async throws -> Twin {
        let (report, seen, begin) = try await call(item, surroundings, shared, nil, allowing: .seconds(10))
        var event = event(item, 0, credential: surroundings.credential, begin: begin)
        event.twin = true
        judge(&event, report, seen, surroundings, .succeeded)
        return Twin(event: event, tool: item.tool)
    }

    private func write(_ twin: Twin, _ item: Battery.Case, _ ordinal: Int) {
        var event = twin.event
        (event.set, event.ordinal) = (item.check, ordinal)
        stage.trace.write(cell: stage.cell.id) { $0.call = event }
    }

    /// - Parameters:
    ///   - change: Nil for none: a call like any other.
    ///   - allowance: How much longer it may take than on a machine that does nothing else.
    private func call(
        _ item: Battery.Case, _ surroundings: Surroundings, _ shared: Shared, _ change: PeerChange?, allowing allowance: Duration
    ) async throws -> (ClientReport, Surroundings.Seen, Int64) {
        surroundings.restore()
        let isShared = !usesTokens && change?.hangs != true
        var driver = try await driver(surroundings, isShared ? shared : nil, change)
        if usesTokens, let change, change.isLater {
            // Before it happens to it, the client has worked.
            _ = try await driver.call(item.tool ?? "canary.read", parallel: 1, limit: Self.limit + allowance)
            _ = await surroundings.seen(gaveUp: false)
        }
        if change?.startsAnew == true {
            await driver.stop()
            driver = try await stage.clientDriver(surroundings.credential, url: surroundings.url, keepsTokens: true)
        }
        if let change { try surroundings.change(change, now: stage.world.clock.now) }
        let begin = stage.trace.now
        var report = ClientReport(succeeded: true)
        // One that is started anew for each call begins with a new token each time, which is no fault.
        let calls = stage.cell.client.contract == .session ? change?.calls ?? 1 : 1
        for _ in 0..<calls where report.succeeded {
            report = try await driver.call(
                item.tool ?? "canary.read", parallel: 1, limit: (change?.hangs == true ? Self.hangLimit : Self.limit) + allowance)
        }
        var seen = await surroundings.seen(gaveUp: report.hung)
        if item.atMost["secrets-in-sight"] != nil, let session = driver.session {
            seen.counts["secrets-in-sight"] = ClientBelongings(secrets: surroundings.script.secrets).processesThatShow(session: session)
        }
        surroundings.restore()
        if report.hung || !isShared {
            await driver.stop()
            if isShared { shared.driver = nil }
        }
        return (report, seen, begin)
    }

    /// - Parameter shared: Where one is kept for all calls; nil for a new one, as where clients remember how they got their tokens.
    private func driver(_ surroundings: Surroundings, _ shared: Shared?, _ change: PeerChange?) async throws -> any ClientDriver {
        if let kept = shared?.driver { return kept }
        let credential = surroundings.credential
        try? FileManager.default.removeItem(atPath: stage.tokenCache(of: credential))
        let driver = try await stage.clientDriver(
            credential, url: surroundings.url, patience: change?.hangs == true ? Self.patience : nil,
            keepsTokens: change?.startsAnew == true)
        shared?.driver = driver
        return driver
    }

    private func event(_ item: Battery.Case, _ ordinal: Int, credential: Credential, begin: Int64) -> CallEvent {
        CallEvent(
            set: item.check, ordinal: ordinal, credential: credential.name, twin: false, channel: "client",
            tool: item.tool ?? "canary.read", begin: begin, end: stage.trace.now, clock: stage.world.clock.offset, outcome: .refused,
            newConnection: true, resumed: false)
    }

    /// - Parameter sign: What would show that the client did what it should not; where nothing is wrong, that it succeeded.
    private func judge(
        _ event: inout CallEvent, _ report: ClientReport, _ seen: Surroundings.Seen, _ surroundings: Surroundings, _ sign: PeerChange.Sign
    ) {
        let (happened, face): (Bool, String?) =
            switch sign {
            case .told: (seen.wasTold, seen.secretArrived ? "the secret arrived" : "a request arrived, without the secret")
            case .issuerWasTold: (seen.issuerWasTold, "a request arrived at an issuer that is none")
            case .leaked: (seen.leaked, "the secret arrived elsewhere")
            case .asked: (seen.asked, "a secret or a code arrived at a token endpoint")
            case .used: (seen.toolWasCalled, "the tool was called with the token")
            case .reached: (seen.othersWereReached, "a connection arrived at an address that means this machine itself")
            case .opened: (seen.othersWereShown, "the browser was told to show it")
            case .succeeded: (report.succeeded && seen.toolWasCalled, nil)
            }
        if happened {
            (event.outcome, event.face) = (.accepted, face)
            return
        }
        event.outcome = report.hung ? .dropped : .refused
        let words = report.words.map { Redaction.apply($0, secrets: surroundings.script.secrets) } ?? "no reason"
        event.face = seen.alert.map { "alert \(TLSAlert.name($0)); \(words)" } ?? words
        // Words are the client's own, and say what it looked at first; only an alert says what it holds against the bed.
        if let reason = seen.alert.flatMap({ CallMaker.alertReasons[TLSAlert.name($0)] }) {
            (event.reason, event.reasonSource) = (reason, .alert)
        }
    }
}
