import Forging
import Foundation
import Probing
import Scenarios
import Trace

/// Plays a battery against an issuer that stands alone: a right request is granted, then one thing is different, then the right
/// request again. Between two cases with the same right request it is made once, for both.
struct IssuerBatteryRunner: Sendable {
    /// The right request after one case and before the next.
    private struct Twin {
        var kind: IssuerAct.Twin
        var events: [CallEvent]
        /// The values of `X-Request-Id` in the answers that it took.
        var requests: [String]
    }

    let stage: Stage
    let battery: Battery
    private let wire: IssuerWire
    private let desk: IssuerDesk
    private let audit: AuditReader

    init(stage: Stage, battery: Battery) {
        self.stage = stage
        self.battery = battery
        wire = IssuerWire(world: stage.world)
        desk = IssuerDesk(wire: wire, baseline: battery.baseline)
        audit = AuditReader(path: stage.world.issuerAuditPath)
    }

    func run() async throws {
        let host = try await ClientDocumentHost.start(identity: stage.world.pki.named("server"))
        defer { host.stop() }
        let maker = IssuerStimulusMaker(
            desk: desk, wire: wire, clock: stage.world.clock, baseline: battery.baseline, documents: host,
            session: { [processes = stage.processes] in processes.pid(role: Subject.Role.issuer.rawValue) })
        try await smoke()
        _ = wire.takeRequests()
        var last: Twin?
        let absent = stage.cell.applicability.gaps(needs: stage.cell.needs)
        for (index, item) in battery.cases.enumerated()
        where (item.schemes?.contains(stage.cell.scheme.id) ?? true) && absent[item.check] == nil {
            try Task.checkCancellation()
            try stage.maker.patience.check()
            let begin = stage.trace.now
            var requests: [String] = []
            do {
                last = try await play(item, maker, after: last, &requests)
            } catch let gap as SubjectGap {
                stage.notOffered(gap.what, gap.why)
                last = nil
            }
            requests += wire.takeRequests()
            stage.trace.write(cell: stage.cell.id) {
                var step = StepEvent(
                    index: index, verb: "case", say: item.title, label: item.check, begin: begin, end: stage.trace.now,
                    clock: stage.world.clock.offset)
                step.requests = requests
                $0.step = step
            }
        }
    }

    /// Before anything else: somebody who says nothing of himself. Where he gets a token, no token proves anything.
    ///
    /// - Throws: `BedError` when the issuer gives no answer at all.
    private func smoke() async throws {
        let ask = IssuerAsk("token_endpoint", [("grant_type", "client_credentials"), ("scope", IssuerDesk.scope)], by: .nothing)
        let outcome = IssuerOutcome(token: try await wire.send(ask))
        if outcome.outcome == .dropped { throw BedError("the issuer does not answer: \(outcome.reply.answer.outcome.face)") }
        write(event(outcome, set: "smoke", ordinal: 0, tool: "token-request", bent: "no client"))
    }

    /// - Parameters:
    ///   - last: What a right request just now came to; nil where none was made.
    ///   - requests: Takes the values of `X-Request-Id` in the answers.
    /// - Returns: What the right request came to in the end; nil where it was not granted.
    private func play(
        _ item: Battery.Case, _ maker: IssuerStimulusMaker, after last: Twin?, _ requests: inout [String]
    ) async throws -> Twin? {
        let acts = item.bends.compactMap { if case .issuing(let act) = $0 { act } else { nil } }
        guard let first = acts.first else { return last }
        let before = if let last, last.kind == first.twin { last } else { try await twin(item, first, maker) }
        requests += before.requests
        write(before, item, first, 0)
        var ordinal = 0
        var counts: [String: Int] = [:]
        for act in acts {
            try Task.checkCancellation()
            let (played, loss) = try await attempt { try await maker.play(act) }
            for outcome in played.outcomes {
                ordinal += 1
                let words = "\(act.place.rawValue): \(act.how)"
                write(event(outcome, set: item.check, ordinal: ordinal, tool: act.place.rawValue, bent: words))
            }
            if let loss { write(lost(item, ordinal + 1, act, loss)) }
            for (name, count) in played.counts { counts[name, default: 0] += count }
            try await stage.revive(.issuer, isSilent: loss != nil || played.outcomes.contains { $0.reply.status == nil })
            if stage.cell.isSettled(item, by: played.outcomes.map(\.outcome)) { break }
        }
        for (name, count) in counts { stage.fact("\(item.check).\(name)", Double(count), unit: name) }
        requests += wire.takeRequests()
        let after = try await twin(item, first, maker)
        requests += after.requests
        write(after, item, first, ordinal + 1)
        return after.events.allSatisfy { $0.outcome == .accepted } && !after.events.isEmpty ? after : nil
    }

    private func twin(_ item: Battery.Case, _ act: IssuerAct, _ maker: IssuerStimulusMaker) async throws -> Twin {
        let (played, loss) = try await attempt { try await maker.twin(act.twin) }
        var events = played.outcomes.map { event($0, set: item.check, ordinal: 0, tool: act.place.rawValue, bent: nil) }
        if let loss {
            var event = lost(item, 0, act, loss)
            event.bent = nil
            events.append(event)
        }
        return Twin(kind: act.twin, events: events, requests: wire.takeRequests())
    }

    private func write(_ twin: Twin, _ item: Battery.Case, _ act: IssuerAct, _ ordinal: Int) {
        for var event in twin.events {
            (event.set, event.ordinal, event.tool, event.twin) = (item.check, ordinal, act.place.rawValue, true)
            write(event)
        }
    }

    /// An issuer that does not let the bed get as far as what is to be tried is no fault of the bed's.
    private func attempt(_ play: () async throws -> IssuerPlay) async throws -> (played: IssuerPlay, loss: String?) {
        do {
            return (try await play(), nil)
        } catch let error as BedError {
            return (IssuerPlay(), error.message)
        }
    }

    private func write(_ event: CallEvent) {
        // What was lost because of an answer is no silence.
        if event.outcome != .dropped || wire.isSilent { stage.maker.patience.note(event) }
        stage.trace.write(cell: stage.cell.id) { $0.call = event }
    }

    private func lost(_ item: Battery.Case, _ ordinal: Int, _ act: IssuerAct, _ why: String) -> CallEvent {
        let now = stage.trace.now
        var event = CallEvent(
            set: item.check, ordinal: ordinal, credential: battery.baseline, twin: false, channel: "new-connection",
            tool: act.place.rawValue, begin: now, end: now, clock: stage.world.clock.offset, outcome: .dropped, newConnection: true,
            resumed: false)
        (event.face, event.bent) = (wire.redacted(why), "\(act.place.rawValue): \(act.how)")
        return event
    }

    private func event(_ outcome: IssuerOutcome, set: String, ordinal: Int, tool: String, bent: String?) -> CallEvent {
        let reply = outcome.reply
        var event = CallEvent(
            set: set, ordinal: ordinal, credential: battery.baseline, twin: false, channel: "new-connection", tool: tool,
            begin: stage.trace.relative(reply.answer.beginNanoseconds), end: stage.trace.relative(reply.answer.endNanoseconds),
            clock: stage.world.clock.offset, outcome: outcome.outcome, newConnection: true, resumed: false)
        event.bent = bent
        event.status = reply.status
        event.error = outcome.error ?? reply.text("error").map { String($0.prefix(40)) }
        event.face = outcome.face ?? reply.answer.outcome.face + (event.error.map { " \($0)" } ?? "")
        event.amiss = outcome.amiss.map(wire.redacted)
        event.challenge = reply.headers.value("WWW-Authenticate")
        if outcome.outcome == .refused, stage.cell.issuer.audit, let id = reply.headers.value("X-Request-Id"),
            let reason = audit.reason(request: id)
        {
            (event.reason, event.reasonSource) = (reason, .audit)
        }
        guard bent != nil else { return event }
        describe(&event, reply)
        return event
    }

    /// What is kept of the answer, for the judge to look at from four sides.
    private func describe(_ event: inout CallEvent, _ reply: IssuerReply) {
        guard let status = reply.status else { return }
        var fields: [String: String] = [:]
        for header in reply.headers where !header.isNamed("Set-Cookie") {
            let value = wire.redacted(String(header.value.prefix(400)))
            fields[header.name.lowercased()] = fields[header.name.lowercased()].map { "\($0), \(value)" } ?? value
        }
        event.fields = fields
        let changing = ["date", "expires", "x-request-id", "content-length", "dpop-nonce"]
        let constant = fields.filter { !changing.contains($0.key) }.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let head = Array("\(status)\n\(constant.joined(separator: "\n"))\n".utf8)
        event.fingerprint = ContentDigest.hex(of: head + HTMLForm.withoutTokens(reply.body))
        guard event.outcome != .accepted || event.amiss != nil || event.ordinal == 1 else { return }
        let text = WireText(request: reply.request, answer: reply.answer)
        (event.sent, event.received) = (wire.redacted(text.sent), wire.redacted(text.received))
    }
}
