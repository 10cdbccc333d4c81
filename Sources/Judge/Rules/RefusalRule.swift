import Scenarios
import Trace

/// When refused calls prove what they should: none accepted, the twin welcome, the form and the reason right.
struct RefusalRule {
    let scheme: Scheme
    /// Empty where the status says it all.
    let because: [String]
    /// False where the client refuses the server: what a refusal looks like there is the client's own affair.
    var byServer = true
    /// The statuses that do; nil for those of the scheme.
    var statuses: [Int]?
    /// Whether the connection may be cut without an answer.
    var mayCut = false

    func rule(_ calls: [TimedCall], missingTwin: () -> String?) -> Ruling {
        let accepted = calls.filter(\.accepted), dropped = calls.filter { ($0.dropped || isOutage($0)) && !isNamed($0.call) }
        if let first = accepted.first {
            let how = first.call.face.map { " (\($0))" } ?? ""
            return .broken("\(accepted.count) of \(Words.count(calls.count, "call")) accepted\(how), wanted refused", accepted.map(\.n))
                .seeing("accepted")
        }
        if !dropped.isEmpty { return StoryRules.droppedCalls(dropped, calls) }
        if let missing = missingTwin() { return .inconclusive(missing, calls.map(\.n)) }
        for call in calls {
            if let wrong = wrongForm(call.call) { return .broken(wrong, [call.n]) }
        }
        let others = because.isEmpty ? [] : calls.filter { call in call.call.reason.map { !because.contains($0) } ?? false }
        if let first = others.first, let reason = first.call.reason {
            return .broken("refused for \(reason), wanted \(Words.either(because))", others.map(\.n))
                .seeing(seen(first))
        }
        let unseen = calls.filter { $0.call.reason == nil }
        let reasons = Set(calls.compactMap(\.call.reason)).sorted()
        let why = "\(Words.count(calls.count, "call")) refused"
        if because.isEmpty {
            return .held("\(why) (\(StoryRules.face(calls[0]))); the twin was welcome", calls.map(\.n)).seeing(seen(calls[0]))
        }
        if unseen.isEmpty {
            return .held("\(why) for \(Words.either(reasons)); the twin was welcome", calls.map(\.n)).seeing(seen(calls[0]))
        }
        let weakness = unseen.count == calls.count ? "the reason was not seen" : "for \(unseen.count) of them the reason was not seen"
        return .held("\(why) (\(StoryRules.face(unseen[0]))) and the twin welcome, but \(weakness)", calls.map(\.n), weak: true)
            .seeing(seen(unseen[0]))
    }

    private func isOutage(_ call: TimedCall) -> Bool { call.isOutage && !(call.call.reason.map(because.contains) ?? false) }

    /// What would be no refusal elsewhere is one where its status is named: an answer without a result says no in its body, and 501
    /// that there is no such method (RFC 9110 section 15.6.2).
    private func isNamed(_ call: CallEvent) -> Bool {
        guard let statuses, let status = call.status else { return false }
        return statuses.contains(status)
    }

    private func seen(_ call: TimedCall) -> String { "refused (\(StoryRules.face(call)))" }

    /// What a refusal may look like belongs to the scheme; anything else is a failure in a refusal's clothes.
    private func wrongForm(_ call: CallEvent) -> String? {
        guard byServer, call.channel != "client" else { return nil }
        if let status = call.status {
            return allows(status) ? nil : "answered HTTP \(status), which is no refusal in this scheme"
        }
        if mayCut || scheme.refusalInTransport || call.channel == "replayed" { return nil }
        return "the connection was cut (\(call.face ?? "no answer")), which is no refusal in this scheme"
    }

    /// Whether that status is a refusal here.
    func allows(_ status: Int) -> Bool {
        if let statuses { return statuses.contains(status) }
        let others = [403: "scope", 503: "issuer-unreachable"]
        if scheme.refusalStatuses.contains(status) || others[status].map(because.contains) ?? false { return true }
        // A transport that refuses late may say so in HTTP.
        return scheme.refusalInTransport && [400, 421].contains(status)
    }
}
