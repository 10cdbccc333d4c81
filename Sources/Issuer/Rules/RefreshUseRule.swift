package import Foundation
package import Store

/// What becomes of a refresh token that the right client presents (RFC 9700 section 4.14.2).
package struct RefreshUseRule: Sendable {
    package typealias Decide = @Sendable (_ state: RefreshState, _ now: Date) -> RefreshUse
    private let decide: Decide

    package init(_ decide: @escaping Decide) { self.decide = decide }

    package func callAsFunction(_ state: RefreshState, at now: Date) -> RefreshUse { decide(state, now) }

    /// Exchanged once; presented again, a thief or the client has it from before: the grant ends.
    ///
    /// Except for a moment: a client that never got the answer, or has two processes that ask at once, is answered with the same
    /// successor again, as long as nobody has used that. So there is one newest token at any time, and a thief gains nothing:
    /// whichever of the two uses the successor second ends the grant.
    ///
    /// - Parameter grace: Seconds from the first exchange.
    package static func standard(grace: Int) -> RefreshUseRule {
        RefreshUseRule { state, now in
            guard state.grant.revokedAt == nil else { return .refuse }
            guard let first = state.token.usedAt else { return .rotate }
            guard let successor = state.successor, successor.usedAt == nil, now < first.addingTimeInterval(Double(grace)) else {
                return .revoke
            }
            return .again
        }
    }
}
