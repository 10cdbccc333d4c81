package import struct Foundation.Date

/// One rule over what an authority has published about revocation, with a name to point at. Unlike `Auth.Check` it answers at
/// once: nobody has to be asked.
package struct PublishedRule<Evidence: Sendable>: Sendable {
    package typealias Judgement = @Sendable (inout Evidence, Date) -> String?

    /// Such as `signature`: what is right about the evidence when it has no objection.
    package let name: String
    private let judgement: Judgement

    /// - Parameter judgement: Returns nil, or in a sentence why the evidence says nothing to rely on. It may add to the evidence
    ///   what it found out, for the rules behind it.
    package init(_ name: String, _ judgement: @escaping Judgement) {
        self.name = name
        self.judgement = judgement
    }

    package func callAsFunction(_ evidence: inout Evidence, at now: Date) -> String? { judgement(&evidence, now) }
}

/// An ordered list of such rules: the first objection is the answer.
package struct PublishedRules<Evidence: Sendable>: Sendable {
    package private(set) var rules: [PublishedRule<Evidence>]

    package init(_ rules: [PublishedRule<Evidence>]) { self.rules = rules }

    package func objection(to evidence: inout Evidence, at now: Date) -> String? {
        for rule in rules {
            if let objection = rule(&evidence, at: now) { return objection }
        }
        return nil
    }

    /// The same list without one rule. Traps on a name that is not in the list: a misspelt one would remove nothing.
    package func dropping(_ name: String) -> PublishedRules {
        precondition(rules.contains { $0.name == name }, "no rule is named \(name)")
        return PublishedRules(rules.filter { $0.name != name })
    }

    /// The same list with one rule put in another's place.
    package func replacing(_ name: String, with rule: PublishedRule<Evidence>) -> PublishedRules {
        precondition(rules.contains { $0.name == name }, "no rule is named \(name)")
        return PublishedRules(rules.map { $0.name == name ? rule : $0 })
    }
}
