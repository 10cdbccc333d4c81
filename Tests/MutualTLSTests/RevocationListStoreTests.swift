import Foundation
import MutualTLS
import SwiftASN1
import Testing
import X509

struct RevocationListStoreTests {
    private let authority: Authority
    private let other: Authority
    private let trust: TrustStore
    private let store: RevocationListStore
    private let now = Date.year(2026, month: 6)

    init() throws {
        authority = try Authority("Test CA")
        other = try Authority("Other CA")
        trust = TrustStore(TrustedAuthorities(anchors: [authority.certificate, other.certificate]))
        store = RevocationListStore(trust: trust)
    }

    private func take(_ lists: (ForgedList, Authority)..., at now: Date? = nil) throws -> RevocationListStore.Outcome {
        let pem = try lists.map { try $0.0.pem(signedBy: $0.1) }.joined()
        return store.take(Array(pem.utf8), at: now ?? self.now)
    }

    private func isRevoked(_ authority: Authority, at now: Date? = nil) async throws -> Bool? {
        switch await store.status(of: try authority.client(serial: [0x0A]), at: now ?? self.now) {
        case .revoked: true
        case .good: false
        case .unknown, .unasked: nil
        }
    }

    @Test("Lists come as PEM or as DER")
    func forms() async throws {
        #expect(try await isRevoked(authority) == nil)
        #expect(store.take(try ForgedList(serials: [[0x0A]]).der(signedBy: authority), at: now).problems == [])
        #expect(try await isRevoked(authority) == true)
        #expect(try take((ForgedList(number: 2), authority)).problems == [])
        #expect(try await isRevoked(authority) == false)
        #expect(store.nextUpdate == .year(2030))
    }

    @Test("Each list is judged by itself: a bad one keeps its issuer's from before, a good one counts beside it")
    func byItself() async throws {
        #expect(try take((ForgedList(number: 5, serials: [[0x0A]]), authority), (ForgedList(), other)).problems == [])
        let outcome = try take((ForgedList(number: 4), authority), (ForgedList(number: 2, serials: [[0x0A]]), other))
        #expect(outcome.problems.count == 1)
        #expect(outcome.hasLists)
        #expect(try await isRevoked(authority) == true)
        #expect(try await isRevoked(other) == true)
        // One that cannot be read may have been anybody's.
        let good = try ForgedList(number: 6).pem(signedBy: authority)
        let delta = try ForgedList(number: 6, extensions: [([2, 5, 29, 27], true)]).pem(signedBy: other)
        #expect(store.take(Array((good + delta).utf8), at: now).problems.count == 1)
        #expect(try await isRevoked(authority) == false)
        #expect(try await isRevoked(other) == true)
        // And one that is not there any more is gone.
        #expect(try take((ForgedList(number: 7), authority)).problems == [])
        #expect(try await isRevoked(other) == nil)
    }

    @Test("Of two lists of one authority in a file the newer one counts, whichever stands first")
    func twice() async throws {
        let (new, old) = (ForgedList(number: 2, serials: [[0x0A]]), ForgedList(number: 1))
        #expect(try take((old, authority), (new, authority)).problems == [])
        #expect(try await isRevoked(authority) == true)
        let fresh = RevocationListStore(trust: trust)
        let pem = try [new, old].map { try $0.pem(signedBy: authority) }.joined()
        #expect(fresh.take(Array(pem.utf8), at: now).problems.count == 1)
        guard case .revoked = await fresh.status(of: try authority.client(serial: [0x0A]), at: now) else {
            Issue.record("the older list counts")
            return
        }
    }

    @Test("A stranger's list in the place of everybody's drops nobody's")
    func strangers() async throws {
        #expect(try take((ForgedList(serials: [[0x0A]]), authority), (ForgedList(), other)).problems == [])
        let outcome = try take((ForgedList(number: 2), try Authority("Stranger")), (ForgedList(number: 2, serials: [[0x0A]]), other))
        #expect(outcome.problems.count == 1)
        #expect(try await isRevoked(authority) == true)
        #expect(try await isRevoked(other) == true)
    }

    @Test("No way back to an older list, and none without a number")
    func older() async throws {
        #expect(try take((ForgedList(thisUpdate: 2025, number: nil), authority)).problems == ["a list has no number"])
        #expect(try take((ForgedList(thisUpdate: 2025, number: 1, serials: [[0x0A]]), authority)).problems == [])
        #expect(try take((ForgedList(thisUpdate: 2024, number: 1), authority)).problems.count == 1)
        #expect(try await isRevoked(authority) == true)
        // The same time again is no way back.
        #expect(try take((ForgedList(thisUpdate: 2025, number: 1), authority)).problems == [])
        #expect(try await isRevoked(authority) == false)
    }

    @Test("A list that does not count now does not displace one that does, and does displace one that no longer does")
    func times() async throws {
        #expect(try take((ForgedList(thisUpdate: 2024, nextUpdate: 2028, serials: [[0x0A]]), authority)).problems == [])
        #expect(try take((ForgedList(thisUpdate: 2025, nextUpdate: 2026, number: 2), authority)).problems.count == 1)
        #expect(try await isRevoked(authority) == true)
        let early = try take((ForgedList(thisUpdate: 2027, nextUpdate: 2029, number: 3), authority))
        #expect(early.problems.count == 1)
        #expect(early.again == .year(2027))
        #expect(try await isRevoked(authority) == true)
        #expect(try take((ForgedList(thisUpdate: 2027, nextUpdate: 2029, number: 3), authority), at: .year(2027)).problems == [])
        #expect(try await isRevoked(authority, at: .year(2027)) == false)
        #expect(try take((ForgedList(thisUpdate: 2028, nextUpdate: 2029, number: 4), authority), at: .year(2031)).problems == [])
        #expect(try await isRevoked(authority, at: .year(2031)) == nil)
    }

    @Test("Of two authorities with one name, each has its own list")
    func namesakes() async throws {
        let namesake = try Authority("Test CA")
        trust.replace(TrustedAuthorities(anchors: [authority.certificate, namesake.certificate]))
        // Neither stands in for the other, nor takes its place.
        #expect(try take((ForgedList(serials: [[0x0A]]), authority)).problems == [])
        #expect(try await isRevoked(namesake) == nil)
        #expect(try take((ForgedList(number: 2, serials: [[0x0A]]), authority), (ForgedList(number: 3), namesake)).problems == [])
        #expect(try await isRevoked(authority) == true)
        #expect(try await isRevoked(namesake) == false)
        // Numbers are one authority's own.
        #expect(try take((ForgedList(number: 4), authority), (ForgedList(number: 3, serials: [[0x0A]]), namesake)).problems == [])
        #expect(try await isRevoked(authority) == false)
        #expect(try await isRevoked(namesake) == true)
    }

    @Test("An authority certified twice has one list, and one whose namesake is revoked goes on")
    func certifiedTwice() async throws {
        let issuing = try Authority("Issuing CA", issuer: authority, serial: [0x51])
        let again = try Authority("Issuing CA", issuer: other, serial: [0x52], key: issuing.key)
        let namesake = try Authority("Issuing CA", issuer: other, serial: [0x53])
        trust.replace(
            TrustedAuthorities(
                anchors: [authority.certificate, other.certificate],
                intermediates: [issuing.certificate, again.certificate, namesake.certificate]))
        #expect(
            try take(
                (ForgedList(serials: [[0x0A]]), issuing), (ForgedList(serials: []), namesake), (ForgedList(serials: [[0x53]]), other)
            ).problems == [])
        #expect(try await isRevoked(again) == true)
        #expect(try await isRevoked(namesake) == true)
        #expect(try take((ForgedList(number: 2), issuing), (ForgedList(number: 2, serials: [[0x53]]), other)).problems == [])
        #expect(try await isRevoked(issuing) == false)
        #expect(try await isRevoked(namesake) == true)
    }

    @Test("Lists of an authority that is trusted no more are forgotten")
    func trustGone() async throws {
        #expect(try take((ForgedList(serials: [[0x0A]]), authority), (ForgedList(serials: [[0x0A]]), other)).problems == [])
        trust.replace(TrustedAuthorities(anchors: [other.certificate]))
        #expect(try await isRevoked(authority) == nil)
        #expect(try await isRevoked(other) == true)
        // Its list is no reason to refuse the other's.
        #expect(try take((ForgedList(number: 2), authority), (ForgedList(number: 2), other)).problems.count == 1)
        #expect(try await isRevoked(other) == false)
    }

    @Test("A list of 100,000 is looked into as one of three is")
    func long() async throws {
        let serials: [[UInt8]] = (0..<100_000).map { [1, UInt8($0 >> 16), UInt8($0 >> 8 & 255), UInt8($0 & 255)] }
        #expect(try take((ForgedList(serials: serials + [[0x0A]]), authority)).problems == [])
        #expect(try await isRevoked(authority) == true)
    }
}
