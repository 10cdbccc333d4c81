import Foundation
import Probing
import Scenarios
import Trace

/// One use of a credential, about to happen.
struct PlannedCall: Sendable {
    var set: String
    var ordinal: Int
    var credential: Credential
    var twin = false
    /// As the trace names it.
    var channelName: String
    var channel: Channel
    var tool: String
    /// Instead of the credential's own.
    var authorization: [String]?
    var url: String
    var connectTo: String?
    var bent: String?
    var keepText = false
    /// What else is different about the request.
    var change: (@Sendable (inout ProbeRequest) -> Void)?
    /// The octets that are sent in its place.
    var octets: (@Sendable (ProbeRequest) -> [UInt8])?
    /// What is done in its place.
    var exchange: (@Sendable (ProbeRequest) async -> ProbeAnswer)?
    /// Whether any success is a success for the caller.
    var anySuccess = false
    /// Whether a refusal's text is of no interest: one of many.
    var terse = false
}

/// Makes calls and puts what came of them into words: accepted, refused or dropped, with the reason.
struct CallMaker: Sendable {
    let scheme: Scheme
    let subject: Subject
    let wire: Wire
    let audit: AuditReader
    let trace: TraceWriter
    let clock: SubjectClock
    let cell: String
    /// What the server is trusted by.
    let ca: String
    /// The thumbprint of the certificate that the server was last given; nil where it has the one it began with.
    let newestCertificate: @Sendable () -> String?
    let patience = Patience()

    /// Calls once, without writing to the trace.
    func perform(_ plan: PlannedCall, with probe: Probe) async -> CallEvent { await exchange(plan, with: probe).event }

    /// The same, with the answer as it came.
    func exchange(_ plan: PlannedCall, with probe: Probe) async -> (event: CallEvent, answer: ProbeAnswer) {
        let authorization = plan.authorization ?? plan.credential.authorization.map { [$0] } ?? []
        var request = wire.call(plan.tool, url: plan.url, authorization: authorization, session: plan.credential.session)
        request.connectTo = plan.connectTo
        if !wire.isStateless, plan.credential.session == nil {
            switch await openSession(plan, authorization, probe) {
            case .opened(let session):
                request = wire.call(plan.tool, url: plan.url, authorization: authorization, session: session)
                request.connectTo = plan.connectTo
            case .refused(let answer):
                // What is bent may be in the call alone, and then nobody has been asked about it yet.
                if plan.change == nil { return (await event(plan, request, answer), answer) }
            }
        }
        plan.change?(&request)
        prove(&request, plan.credential)
        let answer =
            if let exchange = plan.exchange {
                await exchange(request)
            } else if let octets = plan.octets {
                await RawExchange.send(octets(request), to: plan.url, ca: ca, identity: plan.credential.identity, timeout: 3)
            } else {
                await probe.send(request, over: plan.channel)
            }
        return (await event(plan, request, answer), answer)
    }

    /// A proof that cannot be made leaves the call without one, and the answer says so.
    func prove(_ request: inout ProbeRequest, _ credential: Credential) {
        try? request.prove(credential, now: clock.now)
    }

    /// Calls once and writes it to the trace.
    @discardableResult
    func call(_ plan: PlannedCall, with probe: Probe) async -> CallEvent {
        let event = await perform(plan, with: probe)
        trace.write(cell: cell) { $0.call = event }
        return event
    }

    private enum Session {
        case opened(String?)
        case refused(ProbeAnswer)
    }

    /// The older era's handshake of messages. A session is no credential: the call after it carries its own.
    private func openSession(_ plan: PlannedCall, _ authorization: [String], _ probe: Probe) async -> Session {
        var request = wire.initialize(url: plan.url, authorization: authorization)
        request.connectTo = plan.connectTo
        prove(&request, plan.credential)
        let answer = await probe.send(request, over: plan.channel)
        guard case .response(let status, let headers, _) = answer.outcome, status == 200 else { return .refused(answer) }
        let session = headers.first { $0.name.lowercased() == "mcp-session-id" }?.value
        var note = wire.initialized(url: plan.url, authorization: authorization, session: session)
        note.connectTo = plan.connectTo
        prove(&note, plan.credential)
        _ = await probe.send(note, over: plan.channel)
        return .opened(session)
    }

    /// Opens a session ahead of time, so that a probe's calls are one request each in both eras.
    func session(for credential: Credential, url: String, connectTo: String? = nil, with probe: Probe) async -> String? {
        guard !wire.isStateless else { return nil }
        let plan = PlannedCall(
            set: "", ordinal: 0, credential: credential, channelName: "", channel: .newConnection, tool: "canary.read", url: url,
            connectTo: connectTo)
        guard case .opened(let session) = await openSession(plan, credential.authorization.map { [$0] } ?? [], probe) else { return nil }
        return session
    }

    private func event(_ plan: PlannedCall, _ request: ProbeRequest, _ answer: ProbeAnswer) async -> CallEvent {
        var event = CallEvent(
            set: plan.set, ordinal: plan.ordinal, credential: plan.credential.name, twin: plan.twin, channel: plan.channelName,
            tool: plan.tool, begin: trace.relative(answer.beginNanoseconds), end: trace.relative(answer.endNanoseconds),
            clock: clock.offset, outcome: .dropped, newConnection: answer.newConnection, resumed: answer.resumed)
        event.bent = plan.bent
        event.tls = answer.tlsVersion
        event.newestCertificate = newestCertificate().map { $0 == answer.serverThumbprint }
        await judge(&event, answer)
        if plan.bent != nil, plan.channel == .newConnection { await describe(&event, answer, plan) }
        if event.fields == nil { event.request = Self.name(of: answer) }
        patience.note(event)
        if plan.keepText || event.outcome != .accepted && !plan.terse {
            let text = WireText(request: request, answer: answer)
            event.sent = Redaction.apply(text.sent, secrets: plan.credential.secrets)
            event.received = Redaction.apply(text.received, secrets: plan.credential.secrets)
        }
        return event
    }

    private static func name(of answer: ProbeAnswer) -> String? {
        if case .response(_, let headers, _) = answer.outcome { return headers.value("x-request-id") }
        return answer.localPort.map { "127.0.0.1:\($0)" }
    }

    /// Fills in outcome, status, face and reason.
    func judge(_ event: inout CallEvent, _ answer: ProbeAnswer) async {
        switch answer.outcome {
        case .response(let status, let headers, let body):
            let field = { (name: String) in headers.first { $0.name.lowercased() == name }?.value }
            event.status = status
            event.face = "HTTP \(status)"
            event.challenge = field("www-authenticate")
            if wire.isAcceptance(status: status, body, contentType: field("content-type") ?? "") {
                event.outcome = .accepted
            } else if status == 403 || scheme.refusalStatuses.contains(status)
                || status == 400 && (event.channel == "replayed" || event.bent != nil)
            {
                event.outcome = .refused
            } else if status == 200 {
                event.face = "HTTP 200 without a result"
            } else if status == 503 {
                // A server that cannot ask the issuer, and says so, turns callers away; any other 503 is no answer.
                explain(&event, request: field("x-request-id"), body)
                if event.reason == "issuer-unreachable" { event.outcome = .refused } else { event.reason = nil }
            }
            if event.outcome == .refused, status != 503 { explain(&event, request: field("x-request-id"), body) }
        case .refusedInTransport(let refusal):
            event.outcome = .refused
            event.face = refusal.alertName.map { "alert \($0)" } ?? refusal.face
            if let reason = refusal.alertName.flatMap({ subject.reasons["alert \($0)"] ?? Self.alertReasons[$0] }) {
                (event.reason, event.reasonSource) = (reason, .alert)
            } else if subject.audit, let port = answer.localPort,
                let reason = await audit.awaitReason(peer: "127.0.0.1:\(port)", looks: event.channel == "replayed" ? 1 : 50)
            {
                (event.reason, event.reasonSource) = (reason, .audit)
            }
        case .continued(let how):
            event.outcome = .accepted
            event.face = how
        case .dropped(let why):
            event.face = why
        }
    }

    /// Fills in the reason for the end of an answer that began well.
    func explain(_ event: inout CallEvent, _ answer: ProbeAnswer) {
        guard case .response(_, let headers, let body) = answer.outcome else { return }
        explain(&event, request: headers.value("x-request-id"), body)
    }

    /// The audit trail knows best; without one, the challenge and the status say a little.
    private func explain(_ event: inout CallEvent, request: String?, _ body: [UInt8]) {
        if subject.audit, let request, let reason = audit.reason(request: request) {
            (event.reason, event.reasonSource) = (reason, .audit)
        } else if let reason = said(event.challenge ?? "") ?? said(String(decoding: body.prefix(4096), as: UTF8.self)) {
            (event.reason, event.reasonSource) = (reason, .challenge)
        } else if let face = event.face, let reason = subject.reasons[face] {
            (event.reason, event.reasonSource) = (reason, .status)
        } else if event.challenge?.contains("insufficient_scope") == true {
            (event.reason, event.reasonSource) = ("scope", .challenge)
        }
    }

    /// The reason that words of an answer stand for in this subject; of several, the one with the most words.
    private func said(_ words: String) -> String? {
        guard !subject.reasons.isEmpty, !words.isEmpty else { return nil }
        return subject.reasons.filter { words.contains($0.key) }.max { ($0.key.count, $0.key) < ($1.key.count, $1.key) }?.value
    }

    /// What an alert says by its own definition (RFC 8446 section 6.2). Alerts that say less are not here.
    static let alertReasons = [
        "certificate_expired": "expired", "certificate_revoked": "revoked", "unknown_ca": "untrusted",
        "certificate_required": "missing", "unsupported_certificate": "usage",
    ]
}

/// Request and answer as a person would read them.
struct WireText {
    var sent: String
    var received: String

    init(request: ProbeRequest, answer: ProbeAnswer) {
        let lines = ["\(request.method) \(request.url)"] + request.headers.map { "\($0.name): \($0.value)" }
        sent = lines.joined(separator: "\n") + "\n\n" + String(decoding: request.body.prefix(2000), as: UTF8.self)
        switch answer.outcome {
        case .response(let status, let headers, let body):
            received = (["HTTP \(status)"] + headers.map { "\($0.name): \($0.value)" }).joined(separator: "\n")
            received += "\n\n" + String(decoding: body.prefix(2000), as: UTF8.self)
        case .refusedInTransport(let refusal): received = "[\(refusal.alertName.map { "alert \($0)" } ?? refusal.face)]"
        case .continued(let how): received = "[\(how)]"
        case .dropped(let why): received = "[no answer: \(why)]"
        }
    }
}
