/// Which layers a caller must pass, and which of them says what it may do. One pure function is the whole policy.
package struct LayeredPolicy: Sendable {
    /// Every one of these must accept; they are asked and reported in this order.
    package var required: [Layer]
    /// The layer whose scopes count, so that a certificate cannot widen what a token allows.
    package var authority: Layer

    package init(required: [Layer], authority: Layer) {
        precondition(required.contains(authority), "the layer that grants scopes must be required")
        self.required = required
        self.authority = authority
    }

    /// - Parameter verdicts: What each layer said; a required layer without a verdict counts as `missing`.
    package func decide(_ verdicts: [Layer: Verdict]) -> Decision {
        var accepted: [Layer: Principal] = [:]
        for layer in required {
            switch verdicts[layer] ?? .refused(Refusal(.missing, "no \(layer.rawValue) was presented")) {
            case .accepted(let principal): accepted[layer] = principal
            case .refused(let refusal): return .denied(refusal, by: layer, others: accepted)
            }
        }
        guard var principal = accepted[authority] else {
            return .denied(Refusal(.missing, "no \(authority.rawValue) was presented"), by: authority, others: accepted)
        }
        // One layer must not lead to another customer's data than the other.
        let tenants = Set(accepted.values.compactMap(\.tenant))
        guard tenants.count < 2 else {
            return .denied(
                Refusal(.tenant, "the layers name \(tenants.sorted().joined(separator: " and "))"), by: authority, others: accepted)
        }
        principal.tenant = tenants.first
        return .granted(principal, layers: accepted)
    }
}

/// The outcome of a policy over all layers.
package enum Decision: Sendable, Hashable {
    /// The principal whose scopes count, and what every layer established.
    case granted(Principal, layers: [Layer: Principal])
    /// The first refusal in the policy's order, and what the layers before it established.
    case denied(Refusal, by: Layer, others: [Layer: Principal])
}
