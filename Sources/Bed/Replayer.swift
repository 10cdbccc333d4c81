import Foundation
import Probing
import Scenarios
import Trace

/// Sends again what a thief has got hold of, and notes what each attempt brought him.
struct Replayer: Sendable {
    let stage: Stage

    func run(
        _ label: String, of kept: KeptConnection?, tap: Wiretap?, what: Verb.Replayed, listener: Verb.Listener, times: Int,
        by attacker: Verb.Attacker, insider: Credential?
    ) async throws {
        guard let kept, let tap else { return }
        let url = listener == .tls ? stage.world.serverURL : stage.world.plaintextURL ?? ""
        guard let port = URL(string: url)?.port else { throw BedError("there is no \(listener.rawValue) listener to replay to") }
        var order = ReplayOrder(port: port, ca: stage.world.pki.ca, times: times)
        switch what {
        case .refreshToken, .code: throw BedError("\(what.rawValue) is shown to the issuer, not to the server")
        case .bytes:
            // The last one bore the calls; a session of the older revision is opened over another before.
            guard let stream = tap.streams.last(where: { !$0.isEmpty }) else { throw BedError("the wiretap recorded nothing") }
            order.bytes = Data(stream).base64EncodedString()
        case .header, .earlyData:
            var request = stage.maker.wire.call(
                "canary.read", url: url, authorization: kept.credential.authorization.map { [$0] } ?? [], session: kept.credential.session)
            // What the log that leaked has beside the token: a proof that was used.
            if let proof = kept.credential.possession?.lastProof(for: url) {
                request.headers.append(ProbeHeader(name: "DPoP", value: proof))
            }
            order.request = .init(request)
            order.isEarly = what == .earlyData ? true : nil
        case .key: order.request = .init(stage.maker.wire.call("canary.read", url: url, authorization: [], session: nil))
        }
        if what == .key || what == .earlyData, let identity = kept.credential.identity {
            (order.certificate, order.key) = (identity.certificate, identity.key)
        } else if what == .key {
            return stage.notOffered("key", "this scheme has no certificates, so there is no private key to steal")
        }
        if attacker == .insider {
            guard let identity = insider?.identity else {
                stage.notOffered("insider", "this scheme has no certificates, so an insider is a thief like any other")
                return
            }
            (order.certificate, order.key) = (identity.certificate, identity.key)
        }
        let reports = attacker == .connection ? await ReplayWorker.perform(order) : try await ReplayWorker.performElsewhere(order)
        for (ordinal, report) in reports.enumerated() {
            await write(report, label, ordinal, kept.credential, order.request)
        }
    }

    private func write(
        _ report: ReplayReport, _ label: String, _ ordinal: Int, _ credential: Credential, _ stolen: ReplayOrder.StolenRequest?
    ) async {
        let answer = report.answer
        var event = CallEvent(
            set: label, ordinal: ordinal, credential: credential.name, twin: false, channel: "replayed", tool: "canary.read",
            begin: stage.trace.relative(report.begin), end: stage.trace.relative(report.end), clock: stage.world.clock.offset,
            outcome: .dropped, newConnection: true, resumed: false)
        await stage.maker.judge(&event, answer)
        if ordinal == 0 {
            let text = stolen.map { order in
                "\(order.method) \(order.url)\n" + order.headers.map { $0.joined(separator: ": ") }.joined(separator: "\n") + "\n\n"
                    + order.body
            }
            event.sent = Redaction.apply(text ?? "[the recorded bytes]", secrets: credential.secrets)
            event.received = Redaction.apply(
                report.status.map { "HTTP \($0)\n\n\(report.body)" } ?? "[\(report.face ?? "closed")]", secrets: credential.secrets)
        }
        stage.trace.write(cell: stage.cell.id) { $0.call = event }
    }
}
