package import struct Foundation.Date

/// Who can say whether a certificate is revoked.
package protocol RevocationSource: Sendable {
    /// Asked on every request, so that what was answered before must cost next to nothing.
    func status(of peer: PeerCertificate, at now: Date) async -> RevocationStatus
}

/// What a source says of one certificate.
package enum RevocationStatus: Sendable, Hashable {
    case good
    case revoked(String)
    case unknown(String)
    /// Nobody answers, and it was declared that certificates count then (soft fail).
    case unasked(String)
}

/// Verified lists, one an authority, and the authorities that are themselves on a list.
package struct RevocationLists: Sendable {
    package let lists: [ListPublisher: RevocationList]
    private let revoked: Set<ListPublisher>

    /// - Parameters:
    ///   - lists: Lists whose signatures were verified, each by its publisher's key.
    ///   - authorities: The publishers; one whose serial number is on its own issuer's list takes all it issued with it.
    package init(_ lists: [ListPublisher: RevocationList], authorities: TrustedAuthorities) {
        self.lists = lists
        revoked = authorities.revoked(by: lists)
    }

    /// Judges a certificate by the list of its own issuer.
    /// - Parameter issuer: Whose key has signed it; nil where no authority known here has.
    package func status(issuer: ListPublisher?, serial: String, at now: Date) -> RevocationStatus {
        guard let issuer else { return .unknown("its issuer is no authority whose lists count here") }
        if revoked.contains(issuer) { return .revoked("its issuer's certificate is revoked") }
        guard let list = lists[issuer] else { return .unknown("there is no revocation list of its issuer") }
        // A serial number on a stale list stays revoked: revocation is for good (RFC 5280 section 5.3.1, hold aside).
        if list.contains(serial: serial) { return .revoked("its serial number is on its issuer's list") }
        if now < list.thisUpdate { return .unknown("its issuer's revocation list is not yet valid") }
        if now > list.nextUpdate { return .unknown("its issuer's revocation list expired at \(list.nextUpdate)") }
        return .good
    }

    /// For how long from now the status of its issuer's certificates holds, these lists staying as they are.
    func interval(of issuer: ListPublisher?, around now: Date) -> ClosedRange<Date> {
        guard let list = issuer.flatMap({ lists[$0] }), list.thisUpdate <= list.nextUpdate else { return .distantPast ... .distantFuture }
        if now < list.thisUpdate { return now...now }
        return now > list.nextUpdate ? now ... .distantFuture : list.thisUpdate...list.nextUpdate
    }
}
