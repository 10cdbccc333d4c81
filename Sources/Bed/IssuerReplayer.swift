import Foundation
import Probing
import Scenarios
import Trace

/// Shows the issuer once more what a credential was got with: its authorization code, or its refresh token. Whoever does that may
/// be a thief, or its owner who lost an answer; the issuer cannot tell, and that is the point.
struct IssuerReplayer: Sendable {
    let stage: Stage

    func run(_ label: String, of credential: Credential, what: Verb.Replayed, times: Int) async throws {
        guard credential.login != nil else {
            stage.notOffered(what.rawValue, "no user signs in, so there is neither a code nor a refresh token")
            return
        }
        let flow = try stage.office.codeFlow(of: credential)
        let parameters: [(String, String)]
        switch what {
        case .code:
            guard let code = credential.redeemed else { throw BedError("\(credential.name) was not got with a code") }
            parameters = flow.redemption(of: code)
        default:
            guard let token = credential.refreshToken else { throw BedError("\(credential.name) has no refresh token") }
            parameters = flow.refreshment(with: token)
        }
        let request = try await stage.world.issuerRequest(
            "token_endpoint", body: WebForm.encode(parameters), clientID: flow.clientID, secret: nil)
        let audit = AuditReader(path: stage.world.issuerAuditPath)
        let probe = Probe(ca: stage.world.pki.ca, identity: nil)
        for ordinal in 0..<times {
            let answer = await probe.send(request, over: .newConnection)
            var event = CallEvent(
                set: label, ordinal: ordinal, credential: credential.name, twin: false, channel: "replayed", tool: what.rawValue,
                begin: stage.trace.relative(answer.beginNanoseconds), end: stage.trace.relative(answer.endNanoseconds),
                clock: stage.world.clock.offset, outcome: .dropped, newConnection: true, resumed: false)
            judge(&event, answer, audit)
            // Neither the request nor a token that came of it may be seen, so only the answer's status and error are kept.
            event.sent = "POST \(request.url) [\(what.rawValue) of \(credential.name)]"
            stage.trace.write(cell: stage.cell.id) { $0.call = event }
        }
    }

    /// RFC 6749 sections 5.1 and 5.2.
    private func judge(_ event: inout CallEvent, _ answer: ProbeAnswer, _ audit: AuditReader) {
        guard case .response(let status, let headers, let body) = answer.outcome else {
            event.face = answer.outcome.face
            return
        }
        let members = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
        (event.status, event.face) = (status, "HTTP \(status)")
        if status == 200, members["access_token"] is String {
            event.outcome = .accepted
        } else if let error = members["error"] as? String, (400..<500).contains(status) {
            event.outcome = .refused
            event.face = "HTTP \(status) \(error.prefix(40))"
            if stage.cell.issuer.audit, let id = headers.value("x-request-id"), let reason = audit.reason(request: id) {
                (event.reason, event.reasonSource) = (reason, .audit)
            }
        }
    }
}
