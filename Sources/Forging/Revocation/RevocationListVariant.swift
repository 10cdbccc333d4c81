/// A revocation list as it should be, or with one thing wrong.
package struct RevocationListVariant: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case right
        case expired
        case notYetValid = "not-yet-valid"
        case wrongIssuer = "wrong-issuer"
        case wrongKey = "wrong-key"
        case badSignature = "bad-signature"
        case noNextUpdate = "no-next-update"
        case noNumber = "no-number"
        case criticalNumber = "critical-number"
        case olderNumber = "older-number"
        case unchangedThisUpdate = "unchanged-this-update"
        case delta
        case indirect
        case otherPoint = "other-point"
        case onlyAuthorities = "only-authorities"
        case unknownCritical = "unknown-critical"
        case unknownCriticalEntry = "unknown-critical-entry"
        case huge
    }

    package var kind: Kind
    /// How many entries a huge one has.
    package var count = 100_000

    package init(_ kind: Kind, count: Int = 100_000) {
        self.kind = kind
        self.count = count
    }

    /// A name such as `expired`, or `huge=1000000`. Nil for anything else.
    package init?(text: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let kind = Kind(rawValue: parts[0]) else { return nil }
        self.kind = kind
        guard parts.count == 2 else { return }
        guard kind == .huge, let count = Int(parts[1]), (1...5_000_000).contains(count) else { return nil }
        self.count = count
    }
}

extension RevocationListVariant.Kind {
    /// What is wrong with it, or that nothing is.
    package var sentence: String {
        switch self {
        case .right: "Everything about it is right."
        case .expired: "The next list was due an hour ago (RFC 5280 section 5.1.2.5)."
        case .notYetValid: "It begins in an hour."
        case .wrongIssuer: "An authority that issued nothing here has made it."
        case .wrongKey: "It bears the authority's name, and another key has signed it."
        case .badSignature: "One bit of its signature is the other way round."
        case .noNextUpdate: "It never says when the next one is due, as it must (RFC 5280 section 5.1.2.5)."
        case .noNumber: "It has no number, as it must (RFC 5280 section 5.2.3)."
        case .criticalNumber: "Its number is critical, which it must not be (RFC 5280 section 5.2.3)."
        case .olderNumber: "Its number is lower than the latest: an old list put back."
        case .unchangedThisUpdate: "It is newer than the one before and was made at the same second, so only the number tells."
        case .delta: "It holds only what changed since another list (RFC 5280 section 5.2.4), so it is none by itself."
        case .indirect: "It is for certificates of other authorities too (RFC 5280 section 5.2.5, indirectCRL)."
        case .otherPoint: "It is for certificates with another distribution point (RFC 5280 section 5.2.5)."
        case .onlyAuthorities: "It is for authorities' certificates only (RFC 5280 section 5.2.5, onlyContainsCACerts)."
        case .unknownCritical: "It has a critical extension that nobody knows (RFC 5280 section 5.2)."
        case .unknownCriticalEntry: "Its entries have a critical extension that nobody knows (RFC 5280 section 5.3)."
        case .huge: "Everything about it is right, and it is long."
        }
    }

    /// What OpenSSL says of a certificate that is not on it.
    package var openssl: OpenSSLExpectation {
        switch self {
        case .right, .huge: OpenSSLExpectation(words: nil)
        case .expired: OpenSSLExpectation(words: "CRL has expired")
        case .notYetValid: OpenSSLExpectation(words: "CRL is not yet valid")
        case .wrongIssuer: OpenSSLExpectation(words: "unable to get certificate CRL")
        case .wrongKey, .badSignature: OpenSSLExpectation(words: "CRL signature failure")
        case .noNextUpdate: OpenSSLExpectation(words: nil, because: "to OpenSSL such a list never ends")
        case .noNumber: OpenSSLExpectation(words: nil, because: "OpenSSL does not look at the number")
        case .olderNumber, .unchangedThisUpdate: OpenSSLExpectation(words: nil, because: "OpenSSL remembers no earlier list")
        case .delta: OpenSSLExpectation(words: nil, because: "OpenSSL takes it for a whole list unless extended support is asked for")
        case .indirect: OpenSSLExpectation(words: "unable to get certificate CRL")
        case .otherPoint, .onlyAuthorities: OpenSSLExpectation(words: "different CRL scope")
        case .criticalNumber, .unknownCritical, .unknownCriticalEntry: OpenSSLExpectation(words: "unhandled critical CRL extension")
        }
    }
}
