/// An issuer whose tokens count here.
package struct TrustedIssuer: Sendable, Hashable {
    /// Its identifier, to be found in `iss` exactly so (RFC 8414 section 2).
    package var issuer: String
    /// The algorithms it may sign with, whatever keys it publishes.
    package var algorithms: Set<SigningAlgorithm>

    package init(_ issuer: String, algorithms: Set<SigningAlgorithm> = Set(SigningAlgorithm.allCases)) {
        self.issuer = issuer
        self.algorithms = algorithms
    }
}
