/// An issuer whose tokens count here.
package struct TrustedIssuer: Sendable, Hashable {
    /// Its identifier, to be found in `iss` exactly so (RFC 8414 section 2).
    package var issuer: String
    /// The algorithms it may sign with, whatever keys it publishes.
    package var algorithms: Set<SigningAlgorithm>
    /// Whose data its tokens open, whatever they say themselves; nil: nobody's in particular.
    package var tenant: String?

    package init(_ issuer: String, algorithms: Set<SigningAlgorithm> = Set(SigningAlgorithm.allCases), tenant: String? = nil) {
        self.issuer = issuer
        self.algorithms = algorithms
        self.tenant = tenant
    }
}
