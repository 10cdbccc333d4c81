import Crypto

import struct Foundation.Data

/// Remembers an introspector's answers for a while: a question less per call, at the price of a revocation that takes effect
/// that much later. The `times` check still sees the `exp` of a remembered answer, so none outlives its token
/// (RFC 7662 section 4).
package actor IntrospectionCache: Introspector {
    private struct Entry {
        let answer: IntrospectionAnswer
        let askedAt: ContinuousClock.Instant
    }

    /// The issuer, and a hash in place of the token: a dump of memory shows no token that is not in use.
    private struct Question: Hashable {
        let issuer: String
        let token: Data
    }

    private let introspector: any Introspector
    private let lifetime: Duration
    private let capacity: Int
    private let now: @Sendable () -> ContinuousClock.Instant
    private var entries: [Question: Entry] = [:]

    /// - Parameters:
    ///   - lifetime: How long an answer counts; zero switches the cache off.
    ///   - capacity: How many answers are kept at most, against callers that make tokens up.
    ///   - now: The clock; tests bring their own.
    package init(
        of introspector: any Introspector, lifetime: Duration, capacity: Int = 10_000,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.introspector = introspector
        self.lifetime = lifetime
        self.capacity = capacity
        self.now = now
    }

    package func introspect(token: String, issuer: String) async -> IntrospectionAnswer {
        guard lifetime > .zero else { return await introspector.introspect(token: token, issuer: issuer) }
        let question = Question(issuer: issuer, token: Data(SHA256.hash(data: Data(token.utf8))))
        let askedAt = now()
        if let entry = entries[question], askedAt - entry.askedAt < lifetime { return entry.answer }
        let answer = await introspector.introspect(token: token, issuer: issuer)
        // The time of the question counts: the answer may be out of date when it comes. No answer is not remembered.
        if answer != .unreachable {
            makeRoom(at: askedAt)
            entries[question] = Entry(answer: answer, askedAt: askedAt)
        }
        return answer
    }

    private func makeRoom(at now: ContinuousClock.Instant) {
        guard entries.count >= capacity else { return }
        entries = entries.filter { now - $0.value.askedAt < lifetime }
        if entries.count >= capacity { entries = [:] }
    }
}
