import Foundation
import MutualTLS
import Server
import SwiftASN1
import Synchronization
import Testing
import X509

struct CRLDistributionPointTests {
    /// What the other side has, and how often it was asked.
    private final class Publisher: Sendable {
        private let state = Mutex<(list: [UInt8]?, asked: Int)>((nil, 0))
        struct Down: Error {}
        var asked: Int { state.withLock { $0.asked } }
        func publish(_ list: [UInt8]?) { state.withLock { $0.list = list } }
        func fetch() async throws -> [UInt8] {
            let list = state.withLock { state in
                state.asked += 1
                return state.list
            }
            await Task.yield()
            guard let list else { throw Down() }
            return list
        }
    }

    private final class World: Sendable {
        private let passed = Mutex<(uptime: Duration, clock: TimeInterval)>((.zero, 0))
        private let start = ContinuousClock.now
        let reports = Mutex<[String]>([])
        var uptime: ContinuousClock.Instant { start + passed.withLock { $0.uptime } }
        var now: Date { CRLDistributionPointTests.start + passed.withLock { $0.clock } }
        func pass(_ seconds: Int) {
            passed.withLock {
                $0.uptime += .seconds(seconds)
                $0.clock += TimeInterval(seconds)
            }
        }
    }

    private static let start = Date(timeIntervalSince1970: 1_800_000_000)
    private let folder: CertificateFolder
    private let publisher = Publisher()
    private let world = World()
    private let point: CRLDistributionPoint

    init() throws {
        folder = try CertificateFolder()
        let trust = TrustStore(TrustedAuthorities(anchors: [folder.ca.certificate]))
        point = CRLDistributionPoint(
            url: "http://crl.test/ca.crl", refresh: .seconds(60), store: RevocationListStore(trust: trust), fetch: publisher.fetch,
            report: { [world] report in world.reports.withLock { $0.append(report) } }, clock: { [world] in world.now },
            uptime: { [world] in world.uptime })
    }

    /// A list of that number, good for that many seconds from now.
    private func list(_ number: Int, seconds: Int, revoked: PeerCertificate? = nil, by authority: CertificateFolder.Authority? = nil) throws
        -> [UInt8]
    {
        let authority = authority ?? folder.ca
        let now = world.now
        let toBeSigned = try Self.sequence {
            try $0.serialize(1)
            try Self.algorithm(&$0)
            try $0.serialize(authority.name)
            try $0.serialize(Self.time(now))
            try $0.serialize(Self.time(now + TimeInterval(seconds)))
            if let revoked {
                try $0.appendConstructedNode(identifier: .sequence) {
                    try $0.appendConstructedNode(identifier: .sequence) {
                        try $0.serialize(revoked.certificate.serialNumber.bytes)
                        try $0.serialize(Self.time(now))
                    }
                }
            }
            let value = try Self.integer(number)
            try $0.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) {
                try $0.appendConstructedNode(identifier: .sequence) {
                    try $0.appendConstructedNode(identifier: .sequence) {
                        try $0.serialize([2, 5, 29, 20] as ASN1ObjectIdentifier)
                        try $0.serialize(ASN1OctetString(contentBytes: value[...]))
                    }
                }
            }
        }
        let signature = try authority.key.sign(bytes: toBeSigned, signatureAlgorithm: .ecdsaWithSHA256)
        return try Self.sequence {
            $0.serializeRawBytes(toBeSigned)
            try Self.algorithm(&$0)
            try $0.serialize(ASN1BitString(bytes: signature.rawRepresentation[...]))
        }
    }

    private static func integer(_ number: Int) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(number)
        return serializer.serializedBytes
    }

    private static func algorithm(_ coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { try $0.serialize([1, 2, 840, 10045, 4, 3, 2] as ASN1ObjectIdentifier) }
    }

    private static func sequence(_ body: (inout DER.Serializer) throws -> Void) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence, body)
        return serializer.serializedBytes
    }

    private static func time(_ date: Date) throws -> GeneralizedTime {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        return try GeneralizedTime(
            year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0, hours: parts.hour ?? 0, minutes: parts.minute ?? 0,
            seconds: parts.second ?? 0, fractionalSeconds: 0)
    }

    private func isRevoked(_ peer: PeerCertificate) async -> Bool? {
        switch await point.status(of: peer, at: world.now) {
        case .revoked: true
        case .good: false
        case .unknown, .unasked: nil
        }
    }

    @Test("A list is fetched at its time, and never for a request")
    func schedule() async throws {
        let peer = try folder.client("alice")
        publisher.publish(try list(1, seconds: 3600))
        #expect(await isRevoked(peer) == nil)
        #expect(publisher.asked == 0)
        await point.tick()
        #expect(await isRevoked(peer) == false)
        publisher.publish(try list(2, seconds: 3600, revoked: peer))
        world.pass(59)
        await point.tick()
        #expect(publisher.asked == 1)
        world.pass(1)
        await point.tick()
        #expect(publisher.asked == 2)
        #expect(await isRevoked(peer) == true)
        #expect(world.reports.withLock { $0 } == [])
    }

    @Test("A list about to expire is fetched before it does")
    func expiring() async throws {
        let peer = try folder.client("alice")
        publisher.publish(try list(1, seconds: 20))
        await point.load()
        world.pass(17)
        await point.tick()
        #expect(publisher.asked == 1)
        publisher.publish(try list(2, seconds: 3600))
        world.pass(1)
        await point.tick()
        #expect(publisher.asked == 2)
        world.pass(10)
        #expect(await isRevoked(peer) == false)
    }

    @Test("A bad list, or none, leaves the one before until it expires, is said once, and tried again soon")
    func bad() async throws {
        let peer = try folder.client("alice")
        publisher.publish(try list(5, seconds: 100, revoked: peer))
        #expect(await point.load() == nil)
        let bystander = try folder.client("bob")
        let stranger = try CertificateFolder.authority("Test CA")
        let bads =
            [nil, [], [0x30, 0x03, 0x02, 0x01, 0x01], try list(9, seconds: 100, by: stranger), try list(4, seconds: 100)] as [[UInt8]?]
        for (count, bad) in bads.enumerated() {
            publisher.publish(bad)
            #expect(await point.load() != nil)
            #expect(await point.load() != nil)
            #expect(world.reports.withLock { $0.count } == count + 1)
            #expect(await isRevoked(peer) == true)
            #expect(await isRevoked(bystander) == false)
        }
        let asked = publisher.asked
        world.pass(5)
        await point.tick()
        #expect(publisher.asked == asked + 1)
        world.pass(100)
        #expect(await isRevoked(bystander) == nil)
        publisher.publish(try list(6, seconds: 100))
        await point.tick()
        #expect(await isRevoked(bystander) == false)
        #expect(world.reports.withLock { $0.last?.hasSuffix("is good again") } == true)
    }

    @Test("However many ask for it at once, it is fetched once")
    func singleFlight() async throws {
        publisher.publish(try list(1, seconds: 3600))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { [point] in _ = await point.load() } }
        }
        #expect(publisher.asked < 50)
    }
}
