package import struct Foundation.Date

/// One rule over one kind of evidence, with a name that defects and tests can point at.
package struct Check<Evidence: Sendable>: Sendable {
    package typealias Judgement = @Sendable (inout Evidence, Date) async -> Refusal?

    /// Such as `not-expired`: what holds when the check lets the evidence pass.
    package let name: String
    private let judgement: Judgement

    /// - Parameter judgement: Returns nil to let the evidence pass, or why not. It may add to the evidence what it
    ///   found out, for the checks behind it. The date is now, as the server sees it.
    package init(_ name: String, _ judgement: @escaping Judgement) {
        self.name = name
        self.judgement = judgement
    }

    package func callAsFunction(_ evidence: inout Evidence, at now: Date) async -> Refusal? {
        await judgement(&evidence, now)
    }
}

/// An ordered list of checks: the evidence passes when it passes every one; the first refusal is the answer.
package struct Verifier<Evidence: Sendable>: Sendable {
    package private(set) var checks: [Check<Evidence>]

    package init(_ checks: [Check<Evidence>]) {
        self.checks = checks
    }

    package enum Outcome: Sendable {
        case passed(Evidence)
        case refused(Refusal, by: String)
    }

    package func verify(_ evidence: Evidence, at now: Date) async -> Outcome {
        var evidence = evidence
        for check in checks {
            if let refusal = await check(&evidence, at: now) {
                return .refused(refusal, by: check.name)
            }
        }
        return .passed(evidence)
    }

    /// The same list without one check. Traps on a name that is not in the list: a misspelt one would remove nothing.
    package func dropping(_ name: String) -> Verifier {
        precondition(checks.contains { $0.name == name }, "no check is named \(name)")
        return Verifier(checks.filter { $0.name != name })
    }

    /// The same list with one check put in another's place.
    package func replacing(_ name: String, with check: Check<Evidence>) -> Verifier {
        precondition(checks.contains { $0.name == name }, "no check is named \(name)")
        return Verifier(checks.map { $0.name == name ? check : $0 })
    }
}
