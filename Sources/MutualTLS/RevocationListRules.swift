package import Foundation

/// A new revocation list, and what it is judged against.
package struct RevocationListEvidence: Sendable {
    package let list: RevocationList
    /// The list of the same authority that counts so far.
    package let previous: RevocationList?
    package let authorities: TrustedAuthorities
    /// When it will do, where it only comes too early; set by the rule `begun`.
    package var again: Date?

    package init(list: RevocationList, previous: RevocationList?, authorities: TrustedAuthorities) {
        self.list = list
        self.previous = previous
        self.authorities = authorities
    }
}

/// When a list takes the place of its issuer's from before: RFC 5280 section 6.3.3, and no way back to an older one.
package enum RevocationListRules {
    /// In this order.
    package static let all = PublishedRules<RevocationListEvidence>([whole, scope, end, signature, number, order, ended, begun])

    package static let whole = PublishedRule<RevocationListEvidence>("whole") { evidence, _ in
        evidence.list.flaws.contains(.delta) ? "a list holds only what changed since another one" : nil
    }

    /// A critical extension may limit what the list covers, or move its entries to other issuers (RFC 5280 section 5.2).
    package static let scope = PublishedRule<RevocationListEvidence>("scope") { evidence, _ in
        for case .criticalExtension(let name) in evidence.list.flaws { return "a list has the critical extension \(name)" }
        return nil
    }

    package static let end = PublishedRule<RevocationListEvidence>("end") { evidence, _ in
        evidence.list.flaws.contains(.endless) ? "a list does not say when the next one is due" : nil
    }

    package static let signature = PublishedRule<RevocationListEvidence>("signature") { evidence, _ in
        evidence.authorities.vouch(for: evidence.list) ? nil : "a list is not signed by an authority that may"
    }

    package static let number = PublishedRule<RevocationListEvidence>("number") { evidence, _ in
        // RFC 5280 section 5.2.3: every list has one, and without it nobody can say which of two is the newer one.
        guard evidence.list.number != nil else { return "a list has no number" }
        guard let before = evidence.previous?.number, !isNumber(evidence.list.number, atLeast: before) else { return nil }
        return "a list has number \(evidence.list.number ?? "none"), lower than \(before) before"
    }

    package static let order = PublishedRule<RevocationListEvidence>("order") { evidence, _ in
        guard let previous = evidence.previous, evidence.list.thisUpdate < previous.thisUpdate else { return nil }
        return "a list is older than the one before"
    }

    /// While the one before counts, nothing is won by one that does not.
    package static let ended = PublishedRule<RevocationListEvidence>("ended") { evidence, now in
        guard let previous = evidence.previous, now <= previous.nextUpdate, now > evidence.list.nextUpdate else { return nil }
        return "a list expired at \(evidence.list.nextUpdate)"
    }

    package static let begun = PublishedRule<RevocationListEvidence>("begun") { evidence, now in
        guard let previous = evidence.previous, now <= previous.nextUpdate, now < evidence.list.thisUpdate else { return nil }
        evidence.again = evidence.list.thisUpdate
        return "a list is not valid before \(evidence.list.thisUpdate)"
    }

    /// Hexadecimal without leading zero bytes orders by length first.
    private static func isNumber(_ number: String?, atLeast other: String) -> Bool {
        guard let number else { return false }
        return number.utf8.count == other.utf8.count ? number >= other : number.utf8.count > other.utf8.count
    }
}
