import Forging
import Foundation
import Testing

@Suite("Issuing and revoking") struct IssuingTests {
    private let scratch: Scratch
    private let pki: PKI
    private let now = Date().timeIntervalSince1970

    init() throws {
        scratch = try Scratch()
        pki = try scratch.pki()
    }

    private func issue(_ name: String, by pki: PKI? = nil, lifetime: Double = 60) throws -> IssuedCertificate {
        try (pki ?? self.pki).issue(
            name: name, commonName: name, uris: ["spiffe://authbed.test/client/\(name)"], dns: [], usage: .client, lifetime: lifetime,
            now: now, into: "\(scratch.path)/issued")
    }

    private func verify(_ path: String, lists: String) throws -> String {
        let arguments = ["verify", "-crl_check_all", "-CAfile", pki.ca, "-CRLfile", lists, "-untrusted", path, path]
        let answer = try Scratch.openssl(arguments)
        return answer.status == 0 ? "OK" : answer.output
    }

    @Test func `an issued certificate verifies and ends at the second it says`() throws {
        let carol = try issue("carol", lifetime: 7.5)
        #expect(carol.notAfter == (now + 7.5).rounded(.down))
        let dates = try Scratch.openssl(["x509", "-in", carol.certificate, "-noout", "-dates", "-dateopt", "iso_8601"]).output
        let format = Date.ISO8601FormatStyle().dateTimeSeparator(.space)
        #expect(dates.contains("notAfter=\(Date(timeIntervalSince1970: carol.notAfter).formatted(format))"))
        #expect(dates.contains("notBefore=\(Date(timeIntervalSince1970: now.rounded(.down) - 60).formatted(format))"))
        // OpenSSL takes the last second for outside, RFC 5280 section 4.1.2.5 for inside.
        for (time, right) in [(carol.notAfter - 1, true), (carol.notAfter + 1, false)] {
            let arguments = ["verify", "-attime", "\(Int(time))", "-purpose", "sslclient", "-CAfile", pki.ca]
            #expect(try Scratch.openssl(arguments + ["-untrusted", carol.certificate, carol.certificate]).status == (right ? 0 : 2))
        }
        #expect(try FileManager.default.attributesOfItem(atPath: carol.key)[.posixPermissions] as? Int == 0o600)
    }

    /// RFC 5280 section 4.1.2.5: UTCTime up to the year 2049, GeneralizedTime from 2050 on.
    @Test(arguments: [("2049-12-31T23:59:59Z", "UTCTIME", "491231235959Z"), ("2050-01-01T00:00:00Z", "GENERALIZEDTIME", "20500101000000Z")])
    func `the end is written as its year wants it`(end: String, kind: String, text: String) throws {
        let end = try Date(end, strategy: .iso8601).timeIntervalSince1970
        let carol = try issue("carol", lifetime: end - now + 0.5)
        let lines = try Scratch.openssl(["asn1parse", "-in", carol.certificate]).output.split(separator: "\n")
        #expect(lines.contains { $0.contains(kind) && $0.hasSuffix(":\(text)") })
        let list = "\(scratch.path)/list.pem"
        _ = try pki.writeRevocationLists(to: list, now: now, lifetime: end - now + 0.5)
        #expect(try Scratch.openssl(["asn1parse", "-in", list]).output.contains(":\(text)\n"))
    }

    @Test func `a revoked certificate is on the next list and others are not`() throws {
        let (carol, dave) = (try issue("carol"), try issue("dave"))
        let lists = "\(scratch.path)/lists.pem"
        #expect(try pki.writeRevocationLists(to: lists, now: now, lifetime: 60) == (1, 0))
        #expect(try verify(carol.certificate, lists: lists) == "OK")
        try pki.revoke(serial: carol.serial.uppercased(), at: now)
        #expect(try pki.writeRevocationLists(to: lists, now: now, lifetime: 60) == (2, 1))
        #expect(try verify(carol.certificate, lists: lists).contains("error 23 at 0 depth"))
        #expect(try verify(dave.certificate, lists: lists) == "OK")
    }

    @Test func `the root's list can revoke the issuing authority`() throws {
        let intermediate = try #require(pki.entries.first { $0.name == "intermediate" })
        try pki.revoke(serial: intermediate.serial, at: now)
        let lists = "\(scratch.path)/lists.pem"
        _ = try pki.writeRevocationLists(to: lists, now: now, lifetime: 60)
        #expect(try verify(pki.path(of: "alice").certificate, lists: lists).contains("error 23 at 1 depth"))
    }

    @Test func `revoking again changes nothing`() throws {
        let carol = try issue("carol")
        let first = try pki.revoke(serial: carol.serial, at: now)
        #expect(try pki.revoke(serial: carol.serial, at: now + 100) == first)
        #expect(try pki.revoked() == [carol.serial])
    }

    @Test func `what was not issued here cannot be revoked`() throws {
        let stranger = try #require(pki.entries.first { $0.name == "lookalike-ca" })
        for serial in ["00", "", "no serial", stranger.serial] {
            #expect(throws: ForgingError.self) { try pki.revoke(serial: serial, at: now) }
        }
        #expect(try pki.revoked().isEmpty)
    }

    @Test func `certificates issued side by side are all recorded, and lists are numbered without a gap`() async throws {
        let serials = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let issued = try issue("client-\(number)")
                    try pki.revoke(serial: issued.serial, at: now)
                    _ = try pki.writeRevocationLists(to: "\(scratch.path)/lists.pem", now: now, lifetime: 60)
                    return issued.serial
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(serials.count == 20)
        #expect(try pki.revoked() == serials)
        #expect(try pki.writeRevocationLists(to: "\(scratch.path)/lists.pem", now: now, lifetime: 60) == (21, 20))
    }

    @Test func `a copy of the folder is a PKI of its own`() throws {
        let carol = try issue("carol")
        let place = "\(scratch.path)/copy"
        try FileManager.default.copyItem(atPath: pki.directory, toPath: place)
        let copy = try PKI(opening: place)
        try copy.revoke(serial: carol.serial, at: now)
        #expect(try copy.revoked() == [carol.serial])
        #expect(try pki.revoked().isEmpty)
        #expect(try issue("dave", by: copy).serial != carol.serial)
    }

    @Test func `a branch begins as its origin is, goes its own way and shares what it does not replace`() throws {
        let (carol, dave) = (try issue("carol"), try issue("dave"))
        try pki.revoke(serial: dave.serial, at: now)
        let branch = try pki.branch(into: "\(scratch.path)/branch", copied: ["server.pem", "server.key"])
        try branch.revoke(serial: carol.serial, at: now)
        #expect(try branch.revoked() == [carol.serial, dave.serial])
        #expect(try pki.revoked() == [dave.serial])
        #expect(branch.ca == pki.ca)
        let server = branch.path(of: "server")
        #expect(server.key == "\(branch.directory)/server.key")
        #expect(FileManager.default.contentsEqual(atPath: server.key, andPath: pki.path(of: "server").key))
        #expect(try FileManager.default.attributesOfItem(atPath: server.key)[.posixPermissions] as? Int == 0o600)
        // A branch of a branch has what is the branch's own, and not what it replaced.
        try Data("replaced".utf8).write(to: URL(filePath: server.certificate))
        let second = try branch.branch(into: "\(scratch.path)/second", copied: ["client-ca.pem"])
        #expect(FileManager.default.contentsEqual(atPath: second.path(of: "server").certificate, andPath: server.certificate))
        #expect(!FileManager.default.contentsEqual(atPath: server.certificate, andPath: pki.path(of: "server").certificate))
        #expect(second.clientCA == "\(second.directory)/client-ca.pem")
    }

    @Test func `a ledger whose last line was cut short goes on from the line before`() throws {
        let carol = try issue("carol")
        try pki.revoke(serial: carol.serial, at: now)
        let path = "\(pki.directory)/state/ledger.jsonl"
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(#"{"revoked":{"ser"#.utf8))
        try file.close()
        let dave = try issue("dave")
        #expect(try pki.issued().map(\.name) == ["carol", "dave"])
        try pki.revoke(serial: dave.serial, at: now)
        #expect(try pki.revoked() == [carol.serial, dave.serial])
    }

    @Test(arguments: ["../escape", "", "a/b", "-x", "Capital", "a b"])
    func `a name that is no file's name is refused`(name: String) throws {
        #expect(throws: ForgingError.self) { try issue(name) }
        #expect(try pki.issued().isEmpty)
    }

    @Test func `a name cannot smuggle in another`() throws {
        let uri = "spiffe://authbed.test/client/carol,URI:spiffe://authbed.test/client/alice"
        let issued = try pki.issue(
            name: "carol", commonName: "carol", uris: [uri], dns: [], usage: .client, lifetime: 60, now: now, into: scratch.path)
        // Both notations print alike, so the octets are asked: one name of the whole length.
        let text = try Scratch.openssl(["asn1parse", "-in", issued.certificate]).output
        let line = try #require(text.split(separator: "\n").drop { !$0.contains("Subject Alternative Name") }.dropFirst().first)
        let hex = try #require(line.split(separator: ":").last)
        #expect(hex.count == 2 * (uri.utf8.count + 4))
        #expect(throws: ForgingError.self) {
            try pki.issue(
                name: "carol", commonName: "carol", uris: ["spiffe://a\nb"], dns: [], usage: .client, lifetime: 60, now: now,
                into: scratch.path)
        }
    }
}
