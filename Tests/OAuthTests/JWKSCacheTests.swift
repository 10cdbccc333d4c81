import Foundation
import OAuth
import Testing

@Suite("The cache of issuers' keys")
struct JWKSCacheTests {
    private let clock = ManualClock()
    private let one = TestKeys.jwks(TestKeys.jwk(TestKeys.es256))
    private let two = TestKeys.jwks(TestKeys.jwk(TestKeys.es256), TestKeys.jwk(TestKeys.second, kid: "k2"))

    private func cache(_ publisher: Publisher) -> JWKSCache {
        JWKSCache(maxAge: .seconds(300), staleness: .seconds(900), coolDown: .seconds(1), now: clock.now) { _ in await publisher.answer() }
    }

    private func ask(_ cache: JWKSCache, _ kid: String) async -> String {
        await cache.keys(issuer: Draft.issuer, kid: kid).word
    }

    @Test("Keys are fetched once, for the first token, and then kept for their age")
    func caching() async {
        let publisher = Publisher(one)
        let cache = cache(publisher)
        for _ in 0..<100 { #expect(await ask(cache, "k1") == "k1") }
        clock.advance(by: .seconds(299))
        #expect(await ask(cache, "k1") == "k1")
        #expect(await publisher.fetches == 1)
        clock.advance(by: .seconds(1))
        #expect(await ask(cache, "k1") == "k1")
        #expect(await publisher.fetches == 2)
    }

    @Test("An added key is found with the first token that names it")
    func rotation() async {
        let publisher = Publisher(one)
        let cache = cache(publisher)
        #expect(await ask(cache, "k1") == "k1")
        await publisher.publish(two)
        clock.advance(by: .seconds(1))
        #expect(await ask(cache, "k2") == "k2")
        #expect(await publisher.fetches == 2)
    }

    @Test("However many unknown names are tried, there is one fetch per cool-down")
    func unknownNames() async {
        let publisher = Publisher(one)
        let cache = cache(publisher)
        for second in 1...3 {
            for name in 0..<50 { #expect(await ask(cache, "x\(name)") == "none") }
            // The first fetch of all is not held against anybody.
            #expect(await publisher.fetches == second + 1)
            clock.advance(by: .seconds(1))
        }
        #expect(await ask(cache, "k1") == "k1")
    }

    @Test("A removed key is refused when the age is over, and earlier if something else caused a fetch")
    func removal() async {
        let publisher = Publisher(two)
        let cache = cache(publisher)
        #expect(await ask(cache, "k2") == "k2")
        await publisher.publish(one)
        clock.advance(by: .seconds(299))
        #expect(await ask(cache, "k2") == "k2")
        clock.advance(by: .seconds(1))
        #expect(await ask(cache, "k2") == "none")
        #expect(await ask(cache, "k1") == "k1")
    }

    @Test("Keys survive an outage up to their staleness, and the end of the outage is noticed")
    func outage() async {
        let publisher = Publisher(one)
        let cache = cache(publisher)
        #expect(await ask(cache, "k1") == "k1")
        await publisher.publish(nil)
        clock.advance(by: .seconds(899))
        #expect(await ask(cache, "k1") == "k1")
        // Nobody can say that the issuer has no such key by now.
        #expect(await ask(cache, "k2") == "unreachable")
        clock.advance(by: .seconds(1))
        #expect(await ask(cache, "k1") == "unreachable")
        await publisher.publish(two)
        clock.advance(by: .seconds(1))
        #expect(await ask(cache, "k1") == "k1")
        #expect(await ask(cache, "k2") == "k2")
    }

    @Test("During an outage there is one attempt per cool-down, not one per request")
    func outageAttempts() async {
        let publisher = Publisher(one)
        let cache = cache(publisher)
        #expect(await ask(cache, "k1") == "k1")
        await publisher.publish(nil)
        clock.advance(by: .seconds(400))
        for _ in 0..<50 { #expect(await ask(cache, "k1") == "k1") }
        #expect(await publisher.fetches == 2)
        clock.advance(by: .seconds(1))
        #expect(await ask(cache, "k1") == "k1")
        #expect(await publisher.fetches == 3)
    }

    @Test("An issuer that was never reached is tried again with each request")
    func neverReached() async {
        let publisher = Publisher(nil)
        let cache = cache(publisher)
        #expect(await ask(cache, "k1") == "unreachable")
        await publisher.publish(one)
        #expect(await ask(cache, "k1") == "k1")
    }

    @Test("An answer that is no JWKS does not replace the keys", arguments: ["<html>", "{}", ""])
    func rubbish(body: String) async {
        let publisher = Publisher(one)
        let cache = cache(publisher)
        #expect(await ask(cache, "k1") == "k1")
        await publisher.publish(Data(body.utf8))
        clock.advance(by: .seconds(300))
        #expect(await ask(cache, "k1") == "k1")
        #expect(await publisher.fetches == 2)
    }

    @Test("However many callers wait, there is one fetch")
    func singleFlight() async {
        let publisher = Publisher(one)
        let cache = cache(publisher)
        await publisher.close()
        let answers = await withTaskGroup(of: String.self) { group in
            for index in 0..<50 { group.addTask { await ask(cache, index % 2 == 0 ? "k1" : "unknown") } }
            while await publisher.fetches == 0 { await Task.yield() }
            await publisher.open()
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(answers == ["k1": 25, "none": 25])
        #expect(await publisher.fetches == 1)
    }

    @Test("Issuers do not share keys, nor each other's troubles")
    func issuers() async {
        let cache = JWKSCache(maxAge: .seconds(300), now: clock.now) { [one] issuer in issuer == Draft.issuer ? one : nil }
        #expect(await cache.keys(issuer: "https://other.example", kid: "k1").word == "unreachable")
        #expect(await ask(cache, "k1") == "k1")
        #expect(await cache.keys(issuer: "https://other.example", kid: "k1").word == "unreachable")
    }

    @Test("Forgetting causes a fetch")
    func forgetting() async {
        let publisher = Publisher(two)
        let cache = cache(publisher)
        #expect(await ask(cache, "k2") == "k2")
        await publisher.publish(one)
        await cache.forget()
        #expect(await ask(cache, "k2") == "none")
        #expect(await publisher.fetches == 2)
    }

    @Test("What was asked before forgetting does not count after it")
    func forgettingDuringFetch() async {
        let publisher = Publisher(two)
        let cache = cache(publisher)
        await publisher.close()
        async let answer = ask(cache, "k2")
        while await publisher.fetches == 0 { await Task.yield() }
        await cache.forget()
        await publisher.publish(one)
        await publisher.open()
        #expect(await answer == "none")
        #expect(await publisher.fetches == 2)
    }
}
