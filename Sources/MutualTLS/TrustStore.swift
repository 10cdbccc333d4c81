import Synchronization

/// The authorities trusted now. They can be replaced while connections are open, and every request asks for them anew.
package final class TrustStore: Sendable {
    package struct Trust: Sendable {
        package let authorities: TrustedAuthorities
        /// One more with every replacement: what was found out under another one must be found out again.
        package let generation: UInt64
    }

    private let trust: Mutex<Trust>

    package init(_ authorities: TrustedAuthorities = TrustedAuthorities(anchors: [])) {
        trust = Mutex(Trust(authorities: authorities, generation: 1))
    }

    package var current: Trust { trust.withLock { $0 } }

    package func replace(_ authorities: TrustedAuthorities) {
        trust.withLock { $0 = Trust(authorities: authorities, generation: $0.generation + 1) }
    }
}
