import Scenarios

extension Scenario {
    /// Whether any step talks to the server without TLS.
    var usesPlaintext: Bool {
        // Without TLS an attacker has it easiest, and the bed least noise.
        battery?.cases.contains(where: \.isTimed) ?? false
            || steps.contains { step in
                switch step.verb {
                case .connect(_, _, _, let listener): listener == .plaintext
                case .replay(_, _, _, let listener, _, _): listener == .plaintext
                default: false
                }
            }
    }

    /// Whether any step talks to a second process of the server.
    var usesReplica: Bool { steps.contains(where: \.verb.usesReplica) }

    /// Whether the bed stands before the issuer: to count what several clients ask of it, or to let it fail.
    var usesFront: Bool {
        steps.contains { step in
            switch step.verb {
            case .call(_, _, _, _, _, _, _, let processes): processes != nil
            case .fault(_, .issuerAnswers503, _): true
            default: false
            }
        }
    }
}

extension Verb {
    var usesReplica: Bool {
        switch self {
        case .call(_, _, let channel, _, _, _, _, _): channel == .replica
        case .probe(let probe): probe.over == .replica
        default: false
        }
    }
}

extension Battery.Case {
    var needsTwoIssuers: Bool {
        bends.contains { if case .issuer(let how) = $0 { how.hasPrefix("others-key") } else { false } }
    }
}
