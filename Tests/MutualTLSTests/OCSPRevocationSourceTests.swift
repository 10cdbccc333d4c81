import Foundation
import MutualTLS
import Synchronization
import Testing
import X509

/// A responder inside the test, whose answers are set, and whose questions are counted.
private final class Responder: Sendable {
    private let authority: Authority
    private let peer: PeerCertificate
    private let state: Mutex<(answer: ForgedAnswer?, asked: [String])>

    init(_ authority: Authority, _ peer: PeerCertificate) {
        self.authority = authority
        self.peer = peer
        state = Mutex((ForgedAnswer(), []))
    }

    struct Down: Error {}

    var asked: [String] { state.withLock { $0.asked } }

    /// Nil: it cannot be reached.
    func answer(_ answer: ForgedAnswer?) { state.withLock { $0.answer = answer } }

    func fetch(_ request: [UInt8], _ url: String, _ timeout: Duration) async throws -> [UInt8] {
        let answer = state.withLock { state in
            state.asked.append(url)
            return state.answer
        }
        await Task.yield()
        guard let answer else { throw Down() }
        return try answer.der(about: peer, of: authority, signedBy: (authority.key, authority.certificate))
    }
}

struct OCSPRevocationSourceTests {
    private final class Uptime: Sendable {
        private let passed = Mutex(Duration.zero)
        private let start = ContinuousClock.now
        var now: ContinuousClock.Instant { start + passed.withLock { $0 } }
        func pass(_ duration: Duration) { passed.withLock { $0 += duration } }
    }

    private final class Reports: Sendable {
        private let reports = Mutex<[String]>([])
        var count: Int { reports.withLock { $0.count } }
        func add(_ report: String) { reports.withLock { $0.append(report) } }
    }

    private let authority: Authority
    private let peer: PeerCertificate
    private let trust: TrustStore
    private let responder: Responder
    private let uptime = Uptime()
    private let reports = Reports()
    private let now = Date.year(2026, month: 6) + 3600

    init() throws {
        authority = try Authority("Test CA")
        peer = try authority.client()
        trust = TrustStore(TrustedAuthorities(anchors: [authority.certificate]))
        responder = Responder(authority, peer)
    }

    private func source(forgiving: Bool = false, maximumAge: TimeInterval = 300, timeout: Duration = .seconds(60)) -> OCSPRevocationSource {
        OCSPRevocationSource(
            rules: .init(
                forgivesOutages: forgiving, responder: "http://responder.test/", timeout: timeout, usesNonce: false, maximumAge: maximumAge),
            trust: trust, fetch: responder.fetch, report: reports.add, uptime: { [uptime] in uptime.now })
    }

    private func isUnknown(_ status: RevocationStatus) -> Bool {
        if case .unknown = status { true } else { false }
    }

    private func isUnasked(_ status: RevocationStatus) -> Bool {
        if case .unasked = status { true } else { false }
    }

    private func isRevoked(_ status: RevocationStatus) -> Bool {
        if case .revoked = status { true } else { false }
    }

    @Test("An answer is used again for as long as it may be, and no longer")
    func kept() async throws {
        let source = source()
        for _ in 0..<3 { #expect(await source.status(of: peer, at: now) == .good) }
        #expect(responder.asked == ["http://responder.test/"])
        responder.answer(ForgedAnswer(status: .revoked))
        #expect(await source.status(of: peer, at: now + 300) == .good)
        #expect(isRevoked(await source.status(of: peer, at: now + 301)))
        #expect(responder.asked.count == 2)
    }

    @Test("An answer ends at its own time, where that is sooner")
    func ends() async throws {
        let source = source()
        responder.answer(ForgedAnswer(nextUpdate: now + 10))
        #expect(await source.status(of: peer, at: now) == .good)
        responder.answer(ForgedAnswer(status: .revoked))
        #expect(await source.status(of: peer, at: now + 10) == .good)
        #expect(isRevoked(await source.status(of: peer, at: now + 11)))
    }

    @Test("While nobody answers, it depends on what was declared, and is said once")
    func outage() async throws {
        for forgiving in [false, true] {
            let source = source(forgiving: forgiving)
            responder.answer(nil)
            let before = reports.count
            let status = await source.status(of: peer, at: now)
            #expect(forgiving ? isUnasked(status) : isUnknown(status))
            uptime.pass(.seconds(2))
            _ = await source.status(of: peer, at: now)
            #expect(reports.count == before + 1)
            uptime.pass(.seconds(2))
            responder.answer(ForgedAnswer())
            #expect(await source.status(of: peer, at: now) == .good)
            #expect(reports.count == before + 2)
        }
    }

    @Test("An answer that is wrong helps nobody, however much outages are forgiven")
    func wrong() async throws {
        for bent in [ForgedAnswer(serial: [1]), ForgedAnswer(nextUpdate: .year(2026, month: 1)), ForgedAnswer(status: .unknown)] {
            responder.answer(bent)
            #expect(isUnknown(await source(forgiving: true).status(of: peer, at: now)))
        }
        responder.answer(ForgedAnswer(status: .revoked))
        #expect(isRevoked(await source(forgiving: true).status(of: peer, at: now)))
    }

    @Test("A failure is not asked about again at once, and is asked about again soon")
    func pause() async throws {
        let source = source()
        responder.answer(nil)
        for _ in 0..<5 { #expect(isUnknown(await source.status(of: peer, at: now))) }
        #expect(responder.asked.count == 1)
        responder.answer(ForgedAnswer())
        uptime.pass(.seconds(1))
        #expect(await source.status(of: peer, at: now) == .good)
    }

    @Test("However many ask at once, there is one question")
    func singleFlight() async throws {
        let source = source()
        let statuses = await withTaskGroup(of: RevocationStatus.self) { group in
            for _ in 0..<100 { group.addTask { [peer, now] in await source.status(of: peer, at: now) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.allSatisfy { $0 == .good })
        #expect(responder.asked.count == 1)
    }

    @Test("A responder that hangs is waited for no longer than it may take, and nobody else waits for it")
    func hangs() async throws {
        let other = try authority.client(serial: [0x0B])
        let source = OCSPRevocationSource(
            rules: .init(responder: "http://responder.test/", timeout: .milliseconds(50), usesNonce: false), trust: trust,
            fetch: { [authority] request, url, _ in
                // The other certificate's serial number is the last byte of the question.
                if request.last != 0x0B { try await Task.sleep(for: .seconds(3600)) }
                return try ForgedAnswer().der(about: other, of: authority, signedBy: (authority.key, authority.certificate))
            })
        async let slow = source.status(of: peer, at: now)
        #expect(await source.status(of: other, at: now) == .good)
        #expect(isUnknown(await slow))
    }

    @Test("Without a responder, or an issuer that is trusted, nobody can be asked")
    func nobody() async throws {
        let source = OCSPRevocationSource(rules: .init(forgivesOutages: true), trust: trust, fetch: responder.fetch)
        #expect(isUnknown(await source.status(of: peer, at: now)))
        let stranger = try Authority("Test CA").client()
        #expect(isUnknown(await self.source(forgiving: true).status(of: stranger, at: now)))
        #expect(responder.asked == [])
    }

    @Test("An authority below an anchor is asked about where it names a responder, whether it is known here or was sent along")
    func authorities() async throws {
        for responder in [nil, "http://root.test/"] {
            let below = try Authority("Below", issuer: authority, serial: [7], responder: responder)
            let authorityPeer = try PeerCertificate(der: below.certificate.der)
            let about = [try below.client(), try below.client(issuers: [below.certificate])]
            let known = TrustStore(TrustedAuthorities(anchors: [authority.certificate], intermediates: [below.certificate]))
            for (client, trust) in zip(about, [known, trust]) {
                for status: ForgedAnswer.Status in [.good, .revoked, .unknown] {
                    let source = OCSPRevocationSource(
                        rules: .init(responder: "http://responder.test/", usesNonce: false), trust: trust,
                        fetch: { [authority] _, url, _ in
                            url == "http://root.test/"
                                ? try ForgedAnswer(status: status).der(
                                    about: authorityPeer, of: authority, signedBy: (authority.key, authority.certificate))
                                : try ForgedAnswer().der(about: client, of: below, signedBy: (below.key, below.certificate))
                        })
                    let found = await source.status(of: client, at: now)
                    let isRight =
                        switch status {
                        case .good: found == .good
                        case .revoked: responder == nil ? found == .good : isRevoked(found)
                        case .unknown: responder == nil ? found == .good : isUnknown(found)
                        }
                    #expect(isRight, "\(status): \(found)")
                }
            }
        }
    }

    @Test("What a connection brings along is asked about, though one before brought nothing")
    func broughtLater() async throws {
        let below = try Authority("Below", issuer: authority, serial: [7], responder: "http://root.test/")
        let authorityPeer = try PeerCertificate(der: below.certificate.der)
        let forgotten = try below.client()
        let complete = try PeerCertificate(der: forgotten.certificate.der, issuers: [below.certificate])
        let source = OCSPRevocationSource(
            rules: .init(responder: "http://responder.test/", usesNonce: false), trust: trust,
            fetch: { [authority] _, url, _ in
                url == "http://root.test/"
                    ? try ForgedAnswer(status: .revoked).der(
                        about: authorityPeer, of: authority, signedBy: (authority.key, authority.certificate))
                    : try ForgedAnswer().der(about: complete, of: below, signedBy: (below.key, below.certificate))
            }, uptime: { [uptime] in uptime.now })
        #expect(isUnknown(await source.status(of: forgotten, at: now)))
        uptime.pass(.seconds(2))
        #expect(isRevoked(await source.status(of: complete, at: now)))
    }

    @Test("An answer without an end counts for a while, though none is remembered")
    func withoutEnd() async throws {
        let source = source(maximumAge: 0)
        responder.answer(ForgedAnswer(thisUpdate: now - 60, nextUpdate: nil, producedAt: now))
        for _ in 0..<2 { #expect(await source.status(of: peer, at: now) == .good) }
        #expect(responder.asked.count == 1)
        #expect(await source.status(of: peer, at: now + 1) == .good)
        #expect(responder.asked.count == 2)
        responder.answer(ForgedAnswer(thisUpdate: now - 400, nextUpdate: nil, producedAt: now))
        #expect(isUnknown(await source.status(of: peer, at: now + 2)))
    }

    @Test("A source of other rules asks the same responder and remembers nothing of the first one's")
    func otherRules() async throws {
        let strict = source()
        responder.answer(ForgedAnswer(status: .unknown))
        #expect(isUnknown(await strict.status(of: peer, at: now)))
        #expect(await strict.with(answerRules: OCSPRules.all.dropping("known")).status(of: peer, at: now) == .good)
        #expect(await strict.with(judge: { _, _, now in .good(until: now) }).status(of: peer, at: now) == .good)
        #expect(responder.asked.count == 3)
    }

    @Test("New anchors mean new questions")
    func newTrust() async throws {
        let source = source()
        #expect(await source.status(of: peer, at: now) == .good)
        trust.replace(TrustedAuthorities(anchors: [try Authority("Other CA").certificate]))
        #expect(isUnknown(await source.status(of: peer, at: now)))
    }
}
