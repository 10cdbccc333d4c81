package import Store

/// What becomes of a code that the right client presents (RFC 6749 section 4.1.2).
package struct CodeUseRule: Sendable {
    package typealias Decide = @Sendable (_ code: CodeRecord) -> CodeUse
    private let decide: Decide

    package init(_ decide: @escaping Decide) { self.decide = decide }

    package func callAsFunction(_ code: CodeRecord) -> CodeUse { decide(code) }

    /// Redeemed once. Whoever comes second, the first or the second was a thief: what the first got ends.
    package static var standard: CodeUseRule {
        CodeUseRule { $0.redeemedAt == nil ? .redeem : .revoke }
    }
}
