/// A refusal, with the reason from the closed list and a sentence for the operator's log.
package struct Refusal: Sendable, Hashable {
    package var reason: Reason
    /// For logs, never for the caller: may name what was expected, never a secret.
    package var detail: String

    package init(_ reason: Reason, _ detail: String = "") {
        self.reason = reason
        self.detail = detail
    }
}

/// What one layer says of a caller. "No" is a value, never a thrown error.
package enum Verdict: Sendable, Hashable {
    case accepted(Principal)
    case refused(Refusal)
}
