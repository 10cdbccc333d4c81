import Foundation
import MutualTLS
import SwiftASN1
import Testing
import X509

struct RevocationListTests {
    private let authority: Authority

    init() throws {
        authority = try Authority("Test CA")
    }

    @Test("A list says what it says")
    func contents() throws {
        let list = try RevocationList(pem: ForgedList(number: 0x123, serials: [[0x0A, 0xBC], [0x00, 0x80]]).pem(signedBy: authority))
        #expect(list.count == 2)
        #expect(list.contains(serial: "0abc"))
        #expect(list.contains(serial: "80"))
        #expect(!list.contains(serial: "0abd"))
        #expect(list.number == "0123")
        #expect(list.thisUpdate == .year(2026))
        #expect(list.nextUpdate == .year(2030))
        #expect(list.issuer == (try authority.name.derBytes))
        #expect(list.isSigned(by: authority.certificate))
    }

    @Test("An empty list is a list")
    func empty() throws {
        let list = try RevocationList(der: ForgedList().der(signedBy: authority))
        #expect(list.count == 0)
        #expect(list.isSigned(by: authority.certificate))
    }

    @Test("A list that limits or changes what it covers is refused")
    func limited() throws {
        #expect(throws: RevocationList.Defect.delta) {
            try RevocationList(der: ForgedList(extensions: [([2, 5, 29, 27], true)]).der(signedBy: authority))
        }
        #expect(throws: RevocationList.Defect.criticalExtension("2.5.29.28")) {
            try RevocationList(der: ForgedList(extensions: [([2, 5, 29, 28], true)]).der(signedBy: authority))
        }
        #expect(throws: RevocationList.Defect.criticalExtension("2.5.29.29")) {
            try RevocationList(der: ForgedList(serials: [[1]], entryExtension: [2, 5, 29, 29]).der(signedBy: authority))
        }
        #expect(try RevocationList(der: ForgedList(extensions: [([1, 2, 3], false)]).der(signedBy: authority)).count == 0)
    }

    @Test("A list needs version 2 and the time of the next one")
    func required() throws {
        #expect(throws: RevocationList.Defect.self) { try RevocationList(der: ForgedList(version: 0).der(signedBy: authority)) }
        #expect(throws: RevocationList.Defect.self) { try RevocationList(der: ForgedList(nextUpdate: nil).der(signedBy: authority)) }
    }

    @Test("Every shortened list is refused, and none brings the reader down")
    func truncated() throws {
        let der = try ForgedList(serials: [[1], [2]]).der(signedBy: authority)
        for length in 0..<der.count {
            #expect(throws: RevocationList.Defect.self) { try RevocationList(der: Array(der[..<length])) }
        }
    }

    @Test("A flipped bit in what is signed is noticed")
    func tampered() throws {
        var der = try ForgedList(serials: [[0x0A, 0xBC]]).der(signedBy: authority)
        let found = try #require(der.indices.first { der[$0] == 0x0A && $0 + 1 < der.count && der[$0 + 1] == 0xBC })
        der[found + 1] = 0xBD
        #expect(!(try RevocationList(der: der)).isSigned(by: authority.certificate))
    }

    @Test("Only the issuer's own key signs, and only where it may")
    func signer() throws {
        let list = try RevocationList(der: ForgedList().der(signedBy: authority))
        let lookalike = try Authority("Test CA")
        #expect(!list.isSigned(by: lookalike.certificate))
        let other = try Authority("Other CA")
        #expect(!(try RevocationList(der: ForgedList().der(signedBy: other, as: authority.name))).isSigned(by: other.certificate))
        let unfit = try Authority("Unfit CA", signsLists: false)
        #expect(!(try RevocationList(der: ForgedList().der(signedBy: unfit))).isSigned(by: unfit.certificate))
    }
}
