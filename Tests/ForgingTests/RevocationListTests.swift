import Forging
import Foundation
import Testing

@Suite("Revocation lists, right and wrong") struct RevocationListTests {
    private let scratch: Scratch
    private let pki: PKI
    private let list: String
    private let now = Date().timeIntervalSince1970

    init() throws {
        scratch = try Scratch()
        pki = try scratch.pki()
        list = "\(scratch.path)/list.pem"
    }

    private func write(
        _ variant: RevocationListVariant, _ change: (inout PKI.ListRequest) -> Void = { _ in }
    ) throws -> (number: Int?, revoked: Int) {
        var request = PKI.ListRequest()
        request.variant = variant
        change(&request)
        return try pki.writeRevocationLists(request, to: list, now: now, lifetime: 86_400)
    }

    private func verify(_ name: String) throws -> String {
        let path = pki.path(of: name).certificate
        let answer = try Scratch.openssl(["verify", "-crl_check", "-CAfile", pki.ca, "-CRLfile", list, "-untrusted", path, path])
        return answer.status == 0 ? "OK" : answer.output
    }

    private func read(_ options: [String]) throws -> String { try Scratch.openssl(["crl", "-in", list, "-noout"] + options).output }

    @Test(arguments: RevocationListVariant.Kind.allCases)
    func `openssl judges each as is said of it`(kind: RevocationListVariant.Kind) throws {
        // An earlier one, for those that are older than it, or no newer.
        _ = try write(.init(.right))
        let written = try write(RevocationListVariant(kind, count: 1000))
        #expect(written.revoked == (kind == .huge ? 1000 : kind == .unknownCriticalEntry ? 1 : 0))
        let answer = try verify("alice")
        if let words = kind.openssl.words {
            #expect(answer.contains("lookup: \(words)\n"), "\(answer)")
        } else {
            #expect(answer == "OK")
            #expect(kind.openssl.because != nil || kind == .right || kind == .huge)
        }
        #expect(kind.sentence.hasSuffix("."))
    }

    @Test(arguments: [RevocationListVariant.Kind.right, .noNextUpdate, .noNumber, .unchangedThisUpdate, .huge])
    func `one that openssl takes revokes what it holds`(kind: RevocationListVariant.Kind) throws {
        let alice = try #require(pki.entries.first { $0.name == "alice" })
        try pki.revoke(serial: alice.serial, at: now)
        _ = try write(RevocationListVariant(kind, count: 50))
        #expect(try verify("alice").contains("error 23 at 0 depth"))
        #expect(try verify("bob") == "OK")
        _ = try write(RevocationListVariant(kind, count: 50)) { $0.entries = .none }
        #expect(try verify("alice") == "OK")
    }

    @Test func `an older one has a lower number and is not counted`() throws {
        for expected in 1...3 { #expect(try write(.init(.right)).number == expected) }
        #expect(try write(.init(.olderNumber)).number == 2)
        #expect(try read(["-crlnumber"]) == "crlNumber=0x02\n")
        #expect(try write(.init(.right)).number == 4)
    }

    @Test func `one of the same second has the time of the one before`() throws {
        _ = try write(.init(.right))
        let before = try read(["-lastupdate"])
        var request = PKI.ListRequest()
        request.variant = .init(.unchangedThisUpdate)
        let written = try pki.writeRevocationLists(request, to: list, now: now + 1000, lifetime: 60)
        #expect(written.number == 2)
        #expect(try read(["-lastupdate"]) == before)
    }

    @Test func `what is missing is missing`() throws {
        _ = try write(.init(.noNextUpdate))
        #expect(try read(["-nextupdate"]) == "nextUpdate=NONE\n")
        #expect(try write(.init(.noNumber)).number == nil)
        #expect(try read(["-crlnumber"]) == "crlNumber=<NONE>\n")
    }

    @Test func `a delta says which list it changes`() throws {
        for _ in 1...2 { _ = try write(.init(.right)) }
        _ = try write(.init(.delta))
        let text = try read(["-text"])
        #expect(text.contains("X509v3 Delta CRL Indicator: critical"))
        #expect(text.contains("X509v3 CRL Number: \n                3\n"))
    }

    @Test func `only one's own list is in DER, and of the authority named`() throws {
        _ = try write(.init(.right)) { ($0.format, $0.authority) = (.der, "root") }
        let answer = try Scratch.openssl(["crl", "-in", list, "-inform", "DER", "-noout", "-issuer", "-verify", "-CAfile", pki.ca])
        #expect(answer.output.contains("issuer=CN = Authbed Test Root CA\n"))
        #expect(answer.output.contains("verify OK\n"))
        #expect(throws: ForgingError.self) { try write(.init(.right)) { $0.authority = "alice" } }
        #expect(throws: ForgingError.self) { try write(.init(.right)) { $0.authority = "nobody" } }
    }

    @Test func `a hundred thousand entries are all there`() throws {
        let alice = try #require(pki.entries.first { $0.name == "alice" })
        try pki.revoke(serial: alice.serial, at: now)
        #expect(try write(try #require(RevocationListVariant(text: "huge=100000"))).revoked == 100_000)
        let text = try read(["-text"])
        #expect(text.components(separatedBy: "Serial Number: ").count == 100_001)
        #expect(try verify("alice").contains("error 23 at 0 depth"))
        #expect(try verify("bob") == "OK")
    }

    @Test(arguments: ["", "huge=0", "huge=5000001", "huge=x", "expired=3", "Right", "right "])
    func `what is no variant is none`(text: String) {
        #expect(RevocationListVariant(text: text) == nil)
    }
}
