import Auth
import Client
import Testing

@Suite("TokenSource")
struct TokenSourceTests {
    private let clock = ScriptedClock()
    private let down = ClientError.transport("nobody there")

    @Test("Eight callers without a token cost one request, and all get its token")
    func singleFlight() async throws {
        let issuer = ScriptedIssuer()
        let source = issuer.source(clock: clock.clock)
        issuer.hold()
        let started = Counter()
        let tokens = try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    started.add()
                    return try await source.credential()?.value.reveal()
                }
            }
            while started.count < 8 || issuer.asked == 0 { await Task.yield() }
            for _ in 0..<1000 { await Task.yield() }
            issuer.release()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(tokens == Array(repeating: "token-1", count: 8))
        #expect(issuer.asked == 1)
    }

    @Test("A token of an hour is used until one minute before its end, and not a second longer")
    func earlyRefresh() async throws {
        let issuer = ScriptedIssuer(lifetime: 3600)
        let source = issuer.source(clock: clock.clock)
        _ = try await source.credential()
        clock.advance(3539)
        #expect(try await source.credential()?.value.reveal() == "token-1")
        clock.advance(1)
        #expect(try await source.credential()?.value.reveal() == "token-2")
        #expect(issuer.asked == 2)
    }

    @Test("A token of thirty seconds is used for fifteen, not fetched anew for each call")
    func shortLife() async throws {
        let issuer = ScriptedIssuer(lifetime: 30)
        let source = issuer.source(clock: clock.clock)
        for _ in 0..<15 {
            _ = try await source.credential()
            clock.advance(1)
        }
        #expect(issuer.asked == 1)
        _ = try await source.credential()
        #expect(issuer.asked == 2)
    }

    @Test("A date that jumps past the end makes the next call fetch a new token")
    func jump() async throws {
        let issuer = ScriptedIssuer()
        let source = issuer.source(clock: clock.clock)
        _ = try await source.credential()
        clock.set(ahead: 3700)
        #expect(try await source.credential()?.value.reveal() == "token-2")
    }

    @Test("An issuer that does not answer does not cost a token that is still good")
    func outage() async throws {
        let issuer = ScriptedIssuer(lifetime: 3600)
        let source = issuer.source(clock: clock.clock)
        _ = try await source.credential()
        issuer.fail(with: down)
        clock.advance(3590)
        #expect(try await source.credential()?.value.reveal() == "token-1")
        clock.advance(10)
        await #expect(throws: down) { try await source.credential() }
        issuer.fail(with: nil)
        clock.advance(1)
        #expect(try await source.credential()?.value.reveal().hasPrefix("token-") == true)
    }

    @Test("After a failure the issuer is left alone for a moment, as long as it asks for")
    func pause() async throws {
        let issuer = ScriptedIssuer()
        let source = issuer.source(clock: clock.clock)
        let busy = ClientError.refused(ClientRefusal(by: .issuer, status: 429, retryAfter: .seconds(3)))
        issuer.fail(with: busy)
        for _ in 0..<5 { await #expect(throws: busy) { try await source.credential() } }
        #expect(issuer.asked == 1)
        clock.advance(2.9)
        await #expect(throws: busy) { try await source.credential() }
        #expect(issuer.asked == 1)
        issuer.fail(with: nil)
        clock.advance(0.2)
        #expect(try await source.credential() != nil)
        #expect(issuer.asked == 2)
    }

    @Test("Callers refused with the same token share one new one")
    func sharedReplacement() async throws {
        let issuer = ScriptedIssuer()
        let source = issuer.source(clock: clock.clock)
        let refused = try #require(try await source.credential())
        for _ in 0..<8 {
            #expect(try await source.replacement(for: refused, challenge: nil)?.value.reveal() == "token-2")
        }
        #expect(issuer.asked == 2)
    }

    @Test("While nobody knows the issuer, calls go without a token; the first refusal changes that")
    func unknownIssuer() async throws {
        let issuer = ScriptedIssuer()
        let source = issuer.source(clock: clock.clock, knowsIssuer: false)
        #expect(try await source.credential() == nil)
        #expect(issuer.asked == 0)
        #expect(try await source.replacement(for: nil, challenge: nil)?.value.reveal() == "token-1")
        #expect(try await source.credential()?.value.reveal() == "token-1")
        #expect(issuer.asked == 1)
    }
}
