import Auth

import struct Foundation.Date

/// Holds the access token of one client for one server, and fetches a new one when it is time.
///
/// - One request at a time, however many callers wait for it.
/// - A new token before the old one ends; when the issuer then does not answer, the old one is used to its end.
/// - After a 401 one new token for each refused one: callers that were refused with the same token share it.
package actor TokenSource: CredentialSource {
    /// Asks the issuer for a token.
    package typealias Fetch = @Sendable (TokenNeed) async throws(ClientError) -> TokenGrant

    private struct Held {
        let credential: BearerCredential
        let expiry: Date
        let renewal: Date
        /// What it reaches, nil when nobody said.
        let scopes: ScopeSet?
    }

    private let fetch: Fetch
    private let lifetime: TokenLifetime
    private let clock: ClientClock
    private let widens: Bool
    /// False until it is known who issues tokens for the server: calls then go without one, and the 401 tells.
    private var knowsIssuer: Bool
    private var held: Held?
    private var flight: Task<Result<Held, ClientError>, Never>?
    private var generation = 0
    private var failures = 0
    private var pause: (until: SuspendingClock.Instant, error: ClientError)?

    /// - Parameters:
    ///   - knowsIssuer: Whether a token can be had before the server was asked.
    ///   - widens: Whether scopes that a challenge asks for are added, false when the configuration says which to have.
    package init(lifetime: TokenLifetime, clock: ClientClock, knowsIssuer: Bool, widens: Bool, fetch: @escaping Fetch) {
        self.lifetime = lifetime
        self.clock = clock
        self.knowsIssuer = knowsIssuer
        self.widens = widens
        self.fetch = fetch
    }

    package func credential() async throws(ClientError) -> BearerCredential? {
        if flight == nil {
            guard held != nil || knowsIssuer else { return nil }
            if let held, clock.date() < held.renewal { return held.credential }
        }
        do throws(ClientError) {
            return try await next(TokenNeed()).credential
        } catch {
            // No reason to fail: the token is good until its end.
            if let held, clock.date() < held.expiry { return held.credential }
            throw error
        }
    }

    package func replacement(for refused: BearerCredential?, challenge: Challenge?) async throws(ClientError) -> BearerCredential? {
        // Somebody else was refused with the same token, and has fetched another since.
        if let held, held.credential.generation != refused?.generation, clock.date() < held.expiry { return held.credential }
        return try await next(TokenNeed(challenge: challenge, refused: refused?.value)).credential
    }

    package func widened(beyond refused: BearerCredential, challenge: Challenge) async throws(ClientError) -> BearerCredential? {
        guard widens else { return nil }
        // A request that is under way may be for less; its token is looked at first all the same.
        if let flight { _ = await flight.value }
        if let held, held.credential.generation != refused.generation, clock.date() < held.expiry, let scopes = challenge.scopes,
            held.scopes?.isSuperset(of: scopes) == true
        {
            return held.credential
        }
        return try await next(TokenNeed(challenge: challenge, refused: refused.value, widens: true)).credential
    }

    /// The token of the request under way, or of a new one.
    private func next(_ need: TokenNeed) async throws(ClientError) -> Held {
        if let flight { return try await flight.value.get() }
        if let pause, clock.uptime() < pause.until { throw pause.error }
        let flight = Task { await self.fly(need) }
        self.flight = flight
        return try await flight.value.get()
    }

    private func fly(_ need: TokenNeed) async -> Result<Held, ClientError> {
        // Life is counted from before the question: the answer may be long on its way.
        let asked = clock.date()
        defer { flight = nil }
        do throws(ClientError) {
            let grant = try await fetch(need)
            // The same token again, where nobody gives a newer one, is no other credential.
            if held?.credential.value.reveal() != grant.token.reveal() { generation += 1 }
            let expiry = (grant.since ?? asked).addingTimeInterval(grant.lifetime)
            // One that is due already, because nobody gives a newer one just now, is not asked about again for each call.
            let least = min(5, max(0, expiry.timeIntervalSince(clock.date()) / 2))
            let next = Held(
                credential: BearerCredential(value: grant.token, generation: generation), expiry: expiry,
                renewal: max(expiry.addingTimeInterval(-lifetime.margin(grant.lifetime)), clock.date().addingTimeInterval(least)),
                scopes: grant.scopes)
            held = next
            knowsIssuer = true
            failures = 0
            pause = nil
            return .success(next)
        } catch {
            failures += 1
            pause = (clock.uptime() + Self.pause(after: error, failures: failures), error)
            return .failure(error)
        }
    }

    /// How long the issuer is left alone after a failure: as it asked, or a time that doubles from a tenth of a second to one.
    private static func pause(after error: ClientError, failures: Int) -> Duration {
        if case .refused(let refusal) = error, let asked = refusal.retryAfter { return asked }
        return .milliseconds(min(1000, 100 << min(failures - 1, 4)))
    }
}
