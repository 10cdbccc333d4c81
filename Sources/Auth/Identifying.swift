package import struct Foundation.Date

/// Evidence that names somebody once every check has passed.
package protocol IdentifyingEvidence: Sendable {
    /// Who it is and what they may do; nil while the checks have not established it.
    var principal: Principal? { get }
    /// Which credential was shown, as far as it is known: also set on evidence that was refused, for the audit record.
    var credential: CredentialID? { get }
}

/// A refusal, and the check that gave it.
package struct Objection: Sendable, Hashable {
    package var refusal: Refusal
    /// The check's name, such as `not-expired`.
    package var check: String

    package init(_ refusal: Refusal, by check: String) {
        self.refusal = refusal
        self.check = check
    }
}

extension Verifier {
    /// Judges evidence in place: what the checks found out stays in it on refusal too, so that an audit record can name
    /// the credential that was turned away.
    /// - Returns: Nil when every check passed, or the first objection.
    package func objection(to evidence: inout Evidence, at now: Date) async -> Objection? {
        for check in checks {
            if let refusal = await check(&evidence, at: now) {
                return Objection(refusal, by: check.name)
            }
        }
        return nil
    }
}

extension Verifier where Evidence: IdentifyingEvidence {
    /// What the layer says of its caller. Evidence that passes without naming anybody is refused: a list that was cut
    /// short must not let a nobody in.
    package func verdict(on evidence: inout Evidence, at now: Date) async -> Verdict {
        if let objection = await objection(to: &evidence, at: now) {
            return .refused(objection.refusal)
        }
        guard let principal = evidence.principal else {
            return .refused(Refusal(.claims, "the credential names nobody"))
        }
        return .accepted(principal)
    }

    /// The same for a caller that has no use for what the checks found out.
    package func verdict(on evidence: Evidence, at now: Date) async -> Verdict {
        var evidence = evidence
        return await verdict(on: &evidence, at: now)
    }
}
