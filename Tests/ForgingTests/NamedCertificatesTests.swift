import Forging
import Foundation
import Testing

@Suite("Every named certificate") struct NamedCertificatesTests {
    /// Only read, so one does for all.
    private static let shared = Result { try Scratch.untilExit().pki(profile: "every") }

    private let pki: PKI

    init() throws { pki = try Self.shared.get() }

    private func entry(_ name: String) throws -> PKIEntry { try #require(pki.entries.first { $0.name == name }) }

    private func parsed(_ name: String) throws -> String {
        try Scratch.openssl(["asn1parse", "-in", pki.path(of: name).certificate]).output
    }

    /// The file's first certificate, as `openssl verify` sees it: a program that shares no code with `PKI.verify` but the library.
    private func verify(_ name: String, _ options: [String] = []) throws -> String {
        let path = pki.path(of: name).certificate
        let trusted = pki.trust(of: try entry(name))
        let answer = try Scratch.openssl(["verify", "-x509_strict"] + options + ["-CAfile", trusted, "-untrusted", path, path])
        return answer.status == 0 ? "OK" : answer.output
    }

    @Test func `OpenSSL judges each as its sentence says, and where not the manifest says why`() throws {
        let verdicts = try pki.entries.map { try pki.verify($0.name, now: Date().timeIntervalSince1970) }
        for verdict in verdicts { #expect(verdict.agrees, "\(verdict)") }
        #expect(verdicts.filter { $0.expected?.hasPrefix("refuses") ?? false }.count >= 50)
        #expect(verdicts.filter { !$0.accepted && $0.expected != nil }.allSatisfy { $0.expected?.hasPrefix("refuses") ?? false })
    }

    @Test func `a verdict that is not as expected is told`() throws {
        // In twenty years everything has ended, the roots too.
        let later = Date().timeIntervalSince1970 + 20.5 * 365 * 86_400
        let verdict = try pki.verify("alice", now: later)
        #expect(!verdict.accepted && !verdict.agrees)
        #expect(verdict.faults.map(\.words).contains("certificate has expired"))
        #expect(throws: ForgingError.self) { try pki.verify("nobody", now: later) }
    }

    @Test func `each wrong one is one thing away from a right one, and says what OpenSSL makes of it`() throws {
        for entry in pki.entries where entry.wrong != nil && entry.side != .authority {
            let sibling = try self.entry(entry.beside ?? (entry.side == .server ? "server" : "alice"))
            #expect(sibling.wrong == nil, "\(entry.name)")
            #expect(entry.side == sibling.side, "\(entry.name)")
            let text = try #require(entry.openssl, "\(entry.name)")
            let expectation = try #require(OpenSSLExpectation(text: text))
            #expect(expectation.words != nil || expectation.because != nil)
            #expect(expectation.text == text)
        }
    }

    @Test func `what is said of one is a sentence`() {
        for sentence in pki.entries.compactMap({ $0.wrong ?? $0.right }) {
            #expect(sentence.hasSuffix(".") && sentence.contains(" ") && sentence.first?.isUppercase ?? false, "\(sentence)")
        }
        #expect(pki.entries.allSatisfy { $0.wrong == nil || $0.right == nil })
        #expect(Set(pki.entries.map(\.name)).count == pki.entries.count)
        #expect(pki.entries.count >= 140)
    }

    @Test func `openssl reads every one, and every key, which is for its owner only`() throws {
        for entry in pki.entries {
            let path = pki.path(of: entry.name)
            let text = try Scratch.openssl(["x509", "-in", path.certificate, "-noout", "-serial", "-checkend", "0"]).output
            #expect(text.lowercased().hasPrefix("serial=\(entry.serial)\n"), "\(entry.name)")
            #expect(try FileManager.default.attributesOfItem(atPath: path.key)[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test(arguments: [
        ("path-too-long", "error 25 at 2 depth"), ("constrained-uri", "error 47 at 0 depth"), ("excluded-email", "error 48 at 0 depth"),
        ("code-signing", "error 26 at 0 depth"), ("unknown-critical", "error 34 at 0 depth"), ("rsa-1024", "error 66 at 0 depth"),
        ("under-sha-1-ca", "error 68 at 1 depth"), ("under-v1-ca", "error 79 at 1 depth"), ("tampered", "error 7 at 0 depth"),
        ("under-expired-ca", "error 10 at 1 depth"), ("other-ca", "error 20 at 0 depth"),
    ])
    func `the openssl program finds the same fault`(name: String, fault: String) throws {
        let answer = try verify(name, ["-purpose", "sslclient", "-auth_level", "2"])
        #expect(answer.contains(fault), "\(answer)")
    }

    @Test(arguments: ["cross-signed", "cross-signed-other", "namesake-a-agent", "namesake-b-agent", "deep-chain", "no-subject"])
    func `a chain that is right in an unusual way verifies`(name: String) throws {
        #expect(try verify(name, ["-purpose", "sslclient", "-auth_level", "2"]) == "OK")
    }

    @Test(arguments: [
        ("cn-bmp", "BMPSTRING"), ("cn-t61", "T61STRING"), ("cn-universal", "UNIVERSALSTRING"), ("cn-cyrillic", "UTF8STRING"),
    ])
    func `a name is encoded as the manifest says`(name: String, kind: String) throws {
        let text = try parsed(name)
        let subject = try #require(text.split(separator: "\n").filter { $0.contains(":commonName") }.count == 2 ? text : nil)
        #expect(subject.contains(kind))
    }

    @Test func `a name keeps what is hostile in it`() throws {
        for (name, octets) in [
            ("cn-nul", "claude-agent-prod\0.evil"), ("cn-newline", "claude-agent-prod\nevil"), ("uri-nul", "alice\0.evil"),
        ] {
            let entry = try entry(name)
            let pem = try String(contentsOfFile: pki.path(of: name).certificate, encoding: .utf8)
            let base64 = pem.split(separator: "\n").drop { !$0.hasPrefix("-----B") }.dropFirst().prefix { !$0.hasPrefix("-----E") }.joined()
            let der = try #require(Data(base64Encoded: base64))
            #expect(der.range(of: Data(octets.utf8)) != nil, "\(name)")
            #expect(entry.commonName == octets || entry.uris.contains { $0.hasSuffix(octets) })
        }
        #expect(try parsed("cn-of-64-kb").contains("l=65536 prim: UTF8STRING"))
        let names = try Scratch.openssl(["x509", "-in", pki.path(of: "cn-first-of-two").certificate, "-noout", "-subject"]).output
        #expect(names == "subject=CN = claude-agent-prod, CN = intruder\n")
        let last = try Scratch.openssl(["x509", "-in", pki.path(of: "cn-last-of-two").certificate, "-noout", "-subject"]).output
        #expect(last == "subject=CN = intruder, CN = claude-agent-prod\n")
        let injected = try Scratch.openssl(["x509", "-in", pki.path(of: "cn-in-organization").certificate, "-noout", "-subject"]).output
        #expect(injected == "subject=O = \"x,CN=claude-agent-prod\", CN = intruder\n")
    }

    @Test func `without a subject the alternative names are critical`() throws {
        let text = try Scratch.openssl(["x509", "-in", pki.path(of: "no-subject").certificate, "-noout", "-text"]).output
        #expect(text.contains("X509v3 Subject Alternative Name: critical"))
        #expect(text.contains("Subject: \n"))
    }

    @Test func `serial numbers are INTEGERs of 16 octets, none negative`() throws {
        for name in ["root", "alice", "server-v1"] {
            // [0] version, if any, then the serial number.
            let line = try #require(try parsed(name).split(separator: "\n").first { $0.contains("INTEGER") && !$0.contains(":02") })
            #expect(line.contains("l=  16 prim"), "\(line)")
        }
    }

    @Test func `shared keys and serial numbers are the same`() throws {
        #expect(try entry("same-serial").serial == entry("revoked").serial)
        let keys = try ["intermediate", "intermediate-by-other"].map {
            try Scratch.openssl(["x509", "-in", pki.path(of: $0).certificate, "-noout", "-pubkey"]).output
        }
        #expect(keys[0] == keys[1])
    }

    @Test func `URLs of lists and responders stand where they are looked for`() throws {
        let text = try Scratch.openssl(["x509", "-in", pki.path(of: "with-urls").certificate, "-noout", "-text", "-ocsp_uri"]).output
        #expect(text.contains("OCSP - URI:http://ocsp.authbed.test\n"))
        #expect(text.contains("URI:http://crl.authbed.test/issuing.crl\n"))
        #expect(text.hasSuffix("\nhttp://ocsp.authbed.test\n") || text.hasPrefix("http://ocsp.authbed.test\n"))
    }

    @Test func `a bundle holds its authorities`() throws {
        for (bundle, names) in [("tenants", ["tenant-a-root", "tenant-b-root"]), ("other", ["other-root"])] {
            let text = try String(contentsOfFile: "\(pki.directory)/\(bundle).pem", encoding: .utf8)
            let parts = try names.map { try String(contentsOfFile: pki.path(of: $0).certificate, encoding: .utf8) }
            #expect(text == parts.joined())
        }
    }

    @Test func `what is revoked from the beginning is on the first list`() throws {
        let serials = try ["revoked", "server-revoked", "revoked-ca", "namesake-a-revoked"].map { try entry($0).serial }
        #expect(try pki.revoked() == Set(serials))
    }
}
