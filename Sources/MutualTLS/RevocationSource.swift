package import struct Foundation.Date

/// Where revocation lists come from.
package protocol RevocationSource: Sendable {
    /// The lists to judge by now; asked on every request, so it must be quick.
    func current(at now: Date) async -> RevocationState
}

/// The lists, or why there are none to rely on.
package enum RevocationState: Sendable {
    case lists(RevocationLists)
    case unavailable(String)
}

/// What the lists say of one certificate.
package enum RevocationStatus: Sendable, Hashable {
    case good
    case revoked(String)
    case unknown(String)
}

/// Verified lists, one an issuer, and the issuers that are themselves on a list.
package struct RevocationLists: Sendable {
    /// By the issuer's name in DER.
    package let lists: [[UInt8]: RevocationList]
    private let revokedIssuers: Set<[UInt8]>

    /// - Parameters:
    ///   - lists: Lists whose signatures were verified. A later one of the same issuer replaces an earlier one.
    ///   - authorities: The issuers; one whose serial number is on its own issuer's list takes all it issued with it.
    package init(_ lists: [RevocationList], authorities: RevocationAuthorities) {
        self.lists = Dictionary(lists.map { ($0.issuer, $0) }) { $1 }
        revokedIssuers = authorities.revoked(by: self.lists)
    }

    /// Judges a certificate by the list of its own issuer.
    package func status(issuer: [UInt8], serial: String, at now: Date) -> RevocationStatus {
        if revokedIssuers.contains(issuer) { return .revoked("its issuer's certificate is revoked") }
        guard let list = lists[issuer] else { return .unknown("there is no revocation list of its issuer") }
        // A serial number on a stale list stays revoked: revocation is for good (RFC 5280 section 5.3.1, hold aside).
        if list.contains(serial: serial) { return .revoked("its serial number is on its issuer's list") }
        if now < list.thisUpdate { return .unknown("its issuer's revocation list is not yet valid") }
        if now > list.nextUpdate { return .unknown("its issuer's revocation list expired at \(list.nextUpdate)") }
        return .good
    }
}
