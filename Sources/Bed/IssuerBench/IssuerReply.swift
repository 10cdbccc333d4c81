import Foundation
import Probing

/// What an issuer answered.
struct IssuerReply: Sendable {
    var request: ProbeRequest
    var answer: ProbeAnswer

    var status: Int? { if case .response(let status, _, _) = answer.outcome { status } else { nil } }
    var headers: [ProbeHeader] { if case .response(_, let headers, _) = answer.outcome { headers } else { [] } }
    var body: [UInt8] { if case .response(_, _, let body) = answer.outcome { body } else { [] } }

    /// The members of a JSON object; none where the body is something else.
    var members: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:] }

    /// The same without these texts in its body, which differ from one answer to the next whatever it says.
    func blanking(_ texts: [String]) -> IssuerReply {
        guard case .response(let status, let headers, let body) = answer.outcome else { return self }
        var text = String(decoding: body, as: UTF8.self)
        for blank in texts.sorted(by: { $0.count > $1.count }) where !blank.isEmpty {
            text = text.replacingOccurrences(of: blank, with: "…")
        }
        var reply = self
        reply.answer.outcome = .response(status: status, headers: headers, body: Array(text.utf8))
        return reply
    }

    func text(_ name: String) -> String? { members[name] as? String }

    /// The access token of an answer that grants one (RFC 6749 section 5.1).
    var token: String? { status == 200 ? text("access_token") : nil }

    /// What introspection says (RFC 7662 section 2.2): anything but a plain yes is none.
    var isActive: Bool { status == 200 && members["active"] as? Bool == true }
}
