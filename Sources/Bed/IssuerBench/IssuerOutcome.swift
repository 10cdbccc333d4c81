import Probing
import Trace

/// What an issuer's answer means for what was asked.
struct IssuerOutcome: Sendable {
    var reply: IssuerReply
    var outcome: CallEvent.Outcome
    /// How it looked, where the status does not say it.
    var face: String?
    /// The error code, where that does not stand in the body.
    var error: String?
    /// What is wrong with an answer that was no refusal.
    var amiss: String?

    init(_ reply: IssuerReply, _ outcome: CallEvent.Outcome, face: String? = nil, error: String? = nil, amiss: String? = nil) {
        self.reply = reply
        self.outcome = outcome
        self.face = face
        self.error = error
        self.amiss = amiss
    }

    /// Accepted where that is so, and otherwise refused, or dropped where nobody answered.
    init(_ reply: IssuerReply, isAccepted: Bool, otherwise face: String? = nil) {
        switch reply.answer.outcome {
        case .response(let status, _, _):
            self.init(reply, isAccepted ? .accepted : .refused, face: isAccepted || status != 200 ? nil : face)
        case .refusedInTransport: self.init(reply, .refused)
        case .continued, .dropped: self.init(reply, .dropped)
        }
    }

    /// The answer of a token endpoint: a token, or none.
    init(token reply: IssuerReply) {
        self.init(reply, isAccepted: reply.token != nil, otherwise: "HTTP 200 without a token")
    }
}

/// What came of one stimulus: an outcome, or several, and what the bed counted meanwhile (`Battery.issuingCounts`).
struct IssuerPlay: Sendable {
    var outcomes: [IssuerOutcome]
    var counts: [String: Int] = [:]

    init(_ outcomes: IssuerOutcome..., counts: [String: Int] = [:]) {
        self.outcomes = outcomes
        self.counts = counts
    }

    /// What came of a request that was sent so many times at once.
    init(atOnce outcomes: [IssuerOutcome]) {
        self.outcomes = outcomes
        counts = ["accepted-calls": outcomes.count { $0.outcome == .accepted }]
    }
}
