import Auth
import Foundation
package import OAuth

/// The documents of clients whose identifier is a URL, fetched when they are needed and kept as long as their hosts allow.
///
/// Each URL is fetched at most once at a time, and few altogether: who sends a request here must not make this issuer shoot at
/// somebody else.
package actor ClientDocuments {
    /// Gets the document at a URL, or throws why not.
    package typealias Fetch = @Sendable (_ url: String) async throws(OAuthError) -> FetchedDocument

    private struct Kept {
        var members: [String: JSONValue]
        var until: Duration
    }

    private let fetch: Fetch
    private let clock: @Sendable () -> Duration
    private let capacity: Int
    private var kept: [String: Kept] = [:]
    private var running: [String: Task<Result<FetchedDocument, OAuthError>, Never>] = [:]

    /// How many are fetched at once.
    private static let maximumRunning = 16
    /// The longest that a document is kept, whatever its host says, in seconds.
    private static let maximumFreshness = 86_400

    /// - Parameters:
    ///   - capacity: How many documents are kept.
    ///   - clock: Time since some beginning; it never goes back.
    package init(capacity: Int = 1000, clock: @escaping @Sendable () -> Duration = GuessLimits.uptime, fetch: @escaping Fetch) {
        self.capacity = capacity
        self.clock = clock
        self.fetch = fetch
    }

    /// The members of the document, and whether they were fetched just now.
    ///
    /// - Parameter mayFetch: Asked before a fetch that nobody else has begun.
    package func document(
        at url: String, mayFetch: @Sendable () throws(OAuthError) -> Void
    ) async throws(OAuthError) -> (members: [String: JSONValue], isNew: Bool) {
        let now = clock()
        if let known = kept[url], known.until > now { return (known.members, false) }
        if let other = running[url] { return (try await other.value.get().members, true) }
        try mayFetch()
        guard running.count < Self.maximumRunning else { throw .throttled("too many applications are being looked up", retryAfter: 1) }
        let fetch = self.fetch
        let task = Task { () async -> Result<FetchedDocument, OAuthError> in
            do throws(OAuthError) {
                return .success(try await fetch(url))
            } catch {
                return .failure(error)
            }
        }
        running[url] = task
        let result = await task.value
        running[url] = nil
        let document = try result.get()
        keep(url, document)
        return (document.members, true)
    }

    /// Errors are not kept: the document may be right the next time (section 6.6 of the draft).
    private func keep(_ url: String, _ document: FetchedDocument) {
        let now = clock()
        kept[url] = nil
        let seconds = min(document.freshness, Self.maximumFreshness)
        guard seconds > 0 else { return }
        kept[url] = Kept(members: document.members, until: now + .seconds(seconds))
        guard kept.count > capacity else { return }
        kept = kept.filter { $0.value.until > now }
        if kept.count > capacity, let soonest = kept.min(by: { $0.value.until < $1.value.until }) { kept[soonest.key] = nil }
    }
}

/// A document as its host sent it.
package struct FetchedDocument: Sendable, Hashable {
    package var members: [String: JSONValue]
    /// Seconds that it may be kept, as its host says (RFC 9111 section 5.2.2.1).
    package var freshness: Int

    package init(members: [String: JSONValue], freshness: Int) {
        self.members = members
        self.freshness = freshness
    }

    /// - Parameter cacheControl: The values of the `Cache-Control` fields; without any, five minutes.
    package static func freshness(_ cacheControl: [String]) -> Int {
        let directives = cacheControl.joined(separator: ",").split(separator: ",").map { directive in
            directive.filter { $0 != " " && $0 != "\t" && $0 != "\"" }.lowercased()
        }
        if directives.contains(where: { ["no-store", "no-cache"].contains($0) || $0.hasPrefix("no-cache=") }) { return 0 }
        guard let age = directives.first(where: { $0.hasPrefix("max-age=") }) else { return 300 }
        return max(Int(age.dropFirst("max-age=".count)) ?? 0, 0)
    }
}
