import Forging
import Probing
import Synchronization
import Testing

@Suite("Load", .serialized, .timeLimit(.minutes(2)))
struct LoadTests {
    @Test("Arrivals of an open loop do not wait for answers")
    func openLoop() async throws {
        try await Peer.with(certificate: "server") { peer in
            let hanging = peer.get("/hang")
            let load = OpenLoopLoad(rate: 100, connections: 2, ca: try TestPKI.shared().ca) { _ in (hanging, nil) }
            load.start()
            let probe = try TestPKI.probe()
            #expect(await probe.send(peer.get("/until-hanging=20"), over: .newConnection).status == 200)
            #expect(await probe.send(peer.get("/release"), over: .newConnection).status == 200)
            let samples = await load.stop()
            #expect(samples.count >= 20)
            #expect(samples.map(\.ordinal) == Array(0..<samples.count))
            #expect(samples.allSatisfy { $0.answer.status == 200 && $0.beginNanoseconds >= $0.plannedNanoseconds })
            #expect(zip(samples, samples.dropFirst()).allSatisfy { abs($1.plannedNanoseconds - $0.plannedNanoseconds - 10_000_000) <= 1 })
            #expect(await load.stop().count == samples.count)
        }
    }

    /// Until a load of a thousand a second has more arrivals due than the 32 that are under way.
    private func moreAreDue() async throws { try await Task.sleep(for: .milliseconds(100)) }

    @Test("What is due while too many wait for an answer is sent when there are answers, for a while", arguments: [0.0, 60])
    func heldBack(grace: Double) async throws {
        try await Peer.with { peer in
            let hanging = peer.get("/hang")
            let load = OpenLoopLoad(rate: 1000, connections: 2, grace: grace, ca: nil) { _ in (hanging, nil) }
            load.start()
            let probe = try TestPKI.probe()
            #expect(await probe.send(peer.get("/until-hanging=32"), over: .newConnection).status == 200)
            try await moreAreDue()
            async let samples = load.stop()
            while load.planned == 0 { try await Task.sleep(for: .milliseconds(1)) }
            #expect(await probe.send(peer.get("/release"), over: .newConnection).status == 200)
            #expect(load.planned > 32)
            #expect(await samples.count == (grace == 0 ? 32 : load.planned))
            #expect(await samples.map(\.ordinal) == Array(0..<(await samples.count)))
        }
    }

    @Test("Where no answer comes, what waits is not sent")
    func unanswered() async throws {
        try await Peer.with { peer in
            var hanging = peer.get("/hang")
            hanging.timeout = 0.3
            let load = OpenLoopLoad(rate: 1000, connections: 2, ca: nil) { [hanging] _ in (hanging, nil) }
            load.start()
            let probe = try TestPKI.probe()
            #expect(await probe.send(peer.get("/until-hanging=32"), over: .newConnection).status == 200)
            try await moreAreDue()
            let samples = await load.stop()
            #expect(samples.count < load.planned)
        }
    }

    @Test("What is due is sent")
    func due() async throws {
        try await Peer.with { peer in
            let quick = peer.get()
            let load = OpenLoopLoad(rate: 100, connections: 2, ca: nil) { _ in (quick, nil) }
            load.start()
            while !load.hasAnswered(upTo: 5) { try await Task.sleep(for: .milliseconds(1)) }
            #expect(await load.stop().count == load.planned)
        }
    }

    @Test("The credential can change on the way, and each has connections of its own, used in turn")
    func changingIdentity() async throws {
        try await Peer.with(certificate: "server", asksForClients: true) { peer in
            let (alice, bob) = (try TestPKI.identity("alice"), try TestPKI.identity("bob"))
            let made = AsyncStream<Void>.makeStream()
            let request = peer.get()
            let load = OpenLoopLoad(rate: 50, connections: 3, ca: try TestPKI.shared().ca) { ordinal in
                if ordinal == 60 { made.continuation.finish() }
                return (request, ordinal < 30 ? alice : bob)
            }
            load.start()
            for await _ in made.stream {}
            let samples = await load.stop()
            #expect(samples.prefix(30).allSatisfy { $0.answer.text == "alice" })
            #expect(samples.dropFirst(30).allSatisfy { $0.answer.text == "bob" })
            #expect(samples.prefix(30).count { $0.answer.newConnection } >= 3)
            #expect(samples.dropFirst(30).prefix(3).allSatisfy { $0.answer.newConnection })
            #expect(samples.contains { !$0.answer.newConnection })
        }
    }

    @Test("A load that never started has no samples")
    func neverStarted() async throws {
        let load = OpenLoopLoad(rate: 1, connections: 1, ca: nil) { _ in
            (ProbeRequest(method: "GET", url: "http://127.0.0.1:1/", headers: [], body: []), nil)
        }
        #expect(await load.stop().isEmpty)
    }

    @Test("Refusals of a load are told like a single call's")
    func refusedLoad() async throws {
        try await Peer.with(certificate: "server", asksForClients: true) { peer in
            let seen = AsyncStream<Void>.makeStream()
            let request = peer.get()
            let load = OpenLoopLoad(rate: 50, connections: 2, ca: try TestPKI.shared().ca) { ordinal in
                if ordinal == 5 { seen.continuation.finish() }
                return (request, nil)
            }
            load.start()
            for await _ in seen.stream {}
            #expect(await load.stop().allSatisfy { $0.answer.refusal?.alertName == "certificate_required" })
        }
    }

    @Test("A closed loop asks as often as it was told, over as many connections")
    func closedLoop() async throws {
        try await Peer.with(certificate: "server", asksForClients: true) { peer in
            let loop = ClosedLoop(
                connections: 3, extent: .requests(60), warmUp: 10, ca: try TestPKI.shared().ca, identity: try TestPKI.identity("alice"))
            let request = peer.get()
            let ordinals = Mutex<[Int]>([])
            let result = await loop.run { ordinal in
                ordinals.withLock { $0.append(ordinal) }
                return request
            }
            #expect(ordinals.withLock { $0 } == Array(-10..<60))
            #expect(result.accepted == 60)
            #expect(result.others.isEmpty)
            #expect(result.requestsPerSecond > 0)
            #expect(result.median <= result.percentile99 && result.percentile99 <= result.longest)
            let count = try await TestPKI.probe(as: "alice").send(peer.get("/connections"), over: .newConnection)
            #expect(count.text == "4")
        }
    }

    @Test("A closed loop for a time ends, and counts what it did not expect by its face")
    func closedLoopForATime() async throws {
        try await Peer.with { peer in
            let loop = ClosedLoop(connections: 2, extent: .seconds(0.05), ca: nil, expectedStatus: 204)
            let request = peer.get()
            let result = await loop.run { _ in request }
            #expect(result.accepted == 0)
            #expect(Array(result.others.keys) == ["HTTP 200"])
        }
    }
}
