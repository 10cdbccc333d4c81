package import Foundation
package import MutualTLS

/// Revocation lists from an HTTP distribution point (RFC 5280 section 4.2.1.13), fetched beside the requests, never for one.
///
/// A list that is bad or cannot be had leaves the one before in use until its `nextUpdate`, and is said so.
package actor CRLDistributionPoint: RevocationSource {
    /// How soon a failure is tried again, in seconds, should that be before the next time in order.
    private static let retry: Duration = .seconds(5)

    private let url: String
    private let refresh: Duration
    private let store: RevocationListStore
    private let fetch: @Sendable () async throws -> [UInt8]
    private let report: @Sendable (String) -> Void
    private let clock: @Sendable () -> Date
    private let uptime: @Sendable () -> ContinuousClock.Instant
    private var underway: Task<String?, Never>?
    private var due: ContinuousClock.Instant
    private var tried: ContinuousClock.Instant?
    private var reported: String?

    /// - Parameters:
    ///   - refresh: How often to fetch at the least.
    ///   - report: Told of trouble, once until it changes.
    package init(
        url: String, refresh: Duration, store: RevocationListStore, fetch: @escaping @Sendable () async throws -> [UInt8],
        report: @escaping @Sendable (String) -> Void, clock: @escaping @Sendable () -> Date = { Date() },
        uptime: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.url = url
        self.refresh = refresh
        self.store = store
        self.fetch = fetch
        self.report = report
        self.clock = clock
        self.uptime = uptime
        due = uptime()
    }

    package nonisolated func status(of peer: PeerCertificate, at now: Date) async -> RevocationStatus {
        await store.status(of: peer, at: now)
    }

    /// Fetches if it is time to: when the interval is over, and when a list is about to expire, or has.
    package func tick() async {
        let soon = clock() + 2
        let isExpiring = store.nextUpdate.map { $0 <= soon } ?? false
        let mayRetry = tried.map { uptime() - $0 >= Self.retry } ?? true
        guard uptime() >= due || (isExpiring && mayRetry) else { return }
        _ = await load()
    }

    /// Fetches now, or joins the fetch that is under way.
    /// - Returns: What is wrong, or nil.
    @discardableResult
    package func load() async -> String? {
        if let underway { return await underway.value }
        let task = Task { await fetchAndTake() }
        underway = task
        tried = uptime()
        let problem = await task.value
        underway = nil
        due = uptime() + (problem == nil ? refresh : min(refresh, Self.retry))
        if let problem, problem != reported { report(problem) }
        if problem == nil, reported != nil { report("\(url): the revocation list is good again") }
        reported = problem
        return problem
    }

    private func fetchAndTake() async -> String? {
        let bytes: [UInt8]
        do {
            bytes = try await fetch()
        } catch {
            let problem = "\(url): no revocation list can be fetched: \(error)"
            store.note(problem)
            return problem
        }
        let outcome = await Self.take(bytes, into: store, at: clock())
        return outcome.problems.isEmpty ? nil : "\(url): " + outcome.problems.joined(separator: "; ")
    }

    /// Not on the actor: reading a long list takes a while.
    @concurrent
    private static func take(_ bytes: [UInt8], into store: RevocationListStore, at now: Date) async -> RevocationListStore.Outcome {
        store.take(bytes, at: now)
    }
}
