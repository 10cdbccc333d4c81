import Forging
import Foundation
import Testing

@Suite("The PKI as openssl sees it") struct PKITests {
    /// Only read, so one does for all.
    private static let shared = Result { try Scratch.untilExit().pki() }

    private let pki: PKI

    init() throws { pki = try Self.shared.get() }

    /// What `openssl verify` says of a certificate with its chain, trusting the root alone.
    private func verify(_ path: String, _ options: [String] = [], ca: String? = nil) throws -> String {
        let answer = try Scratch.openssl(["verify"] + options + ["-CAfile", ca ?? pki.ca, "-untrusted", path, path])
        return answer.status == 0 ? "OK" : answer.output
    }

    private func text(_ path: String) throws -> String {
        try Scratch.openssl(["x509", "-in", path, "-noout", "-text"]).output
    }

    @Test(arguments: ["alice", "bob", "wrong-name", "san-vs-cn", "cn-only"])
    func `a client certificate whose chain is right verifies`(name: String) throws {
        #expect(try verify(pki.path(of: name).certificate, ["-x509_strict", "-purpose", "sslclient"]) == "OK")
        #expect(try verify(pki.path(of: name).certificate, ["-purpose", "sslserver"]) != "OK")
    }

    @Test(arguments: ["server", "issuer"], ["mcp-server.internal", "localhost"])
    func `a server certificate verifies for its names`(name: String, host: String) throws {
        let path = pki.path(of: name).certificate
        #expect(try verify(path, ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", host, "-verify_ip", "127.0.0.1"]) == "OK")
        #expect(try verify(path, ["-purpose", "sslclient"]) != "OK")
        let entry = try #require(pki.entries.first { $0.name == name })
        #expect(entry.notAfter - entry.notBefore == 3650 * 86400)
    }

    @Test(arguments: [
        ("expired", "sslclient", "error 10 "), ("not-yet-valid", "sslclient", "error 9 "), ("self-signed", "sslclient", "error 18 "),
        ("server-only-usage", "sslclient", "error 26 "), ("issued-by-client", "sslclient", "error 79 "),
        ("lookalike-ca", "sslclient", "error 20 "), ("server-lookalike-ca", "sslserver", "error 20 "),
        ("server-expired", "sslserver", "error 10 "),
    ])
    func `a certificate that is wrong in its chain, times or usage is refused for just that`(
        name: String, purpose: String, error: String
    ) throws {
        let answer = try verify(pki.path(of: name).certificate, ["-x509_strict", "-purpose", purpose])
        #expect(answer.contains(error), "\(answer)")
        // Everything about an untrusted issuer follows from the one thing.
        #expect(name == "issued-by-client" || answer.components(separatedBy: "error ").filter { $0.first?.isNumber == true }.count == 1)
    }

    @Test func `the look-alike CA is right but for its key`() throws {
        let path = pki.path(of: "lookalike-ca").certificate
        #expect(try verify(path, ["-purpose", "sslclient"], ca: pki.path(of: "lookalike-root").certificate) == "OK")
        for name in ["root", "intermediate"] {
            let twins = try [name, "lookalike-\(name)"].map {
                try Scratch.openssl(["x509", "-in", pki.path(of: $0).certificate, "-noout", "-subject", "-issuer"]).output
            }
            #expect(twins[0] == twins[1])
        }
    }

    @Test func `a server certificate for another host verifies for that one only`() throws {
        let path = pki.path(of: "server-wrong-name").certificate
        #expect(try verify(path, ["-purpose", "sslserver", "-verify_hostname", "other.example"]) == "OK")
        #expect(try verify(path, ["-purpose", "sslserver", "-verify_hostname", "localhost"]).contains("error 62 "))
    }

    @Test func `the version 1 certificate has no extensions`() throws {
        let text = try text(pki.path(of: "v1").certificate)
        #expect(text.contains("Version: 1 (0x0)"))
        #expect(text.contains("Subject: CN = alice\n"))
        #expect(!text.contains("X509v3"))
    }

    @Test func `names stand where they should`() throws {
        let alternative = "URI:spiffe://authbed.test/client/"
        for (name, common, uri) in [
            ("alice", "alice", "alice"), ("wrong-name", "mallory", "mallory"), ("san-vs-cn", "alice", "somebody-else"),
        ] {
            let text = try text(pki.path(of: name).certificate)
            #expect(text.contains("Subject: CN = \(common)\n"))
            #expect(text.contains("\(alternative)\(uri)\n"))
        }
        #expect(try !text(pki.path(of: "cn-only").certificate).contains("Alternative Name"))
    }

    @Test func `every certificate that is not right says why in a sentence`() {
        let right = ["root", "intermediate", "next-root", "server", "issuer", "alice", "bob"]
        #expect(pki.entries.filter { $0.wrong == nil }.map(\.name) == right)
        #expect(pki.entries.compactMap(\.wrong).allSatisfy { $0.hasSuffix(".") && $0.contains(" ") })
        #expect(pki.entries.count == 22)
    }

    @Test func `serial numbers are 128 bits and as openssl prints them`() throws {
        for entry in pki.entries {
            let printed = try Scratch.openssl(["x509", "-in", pki.path(of: entry.name).certificate, "-noout", "-serial"]).output
            #expect(printed.lowercased() == "serial=\(entry.serial)\n")
            #expect(entry.serial.count == 32)
        }
        #expect(Set(pki.entries.map(\.serial)).count == pki.entries.count)
    }

    @Test func `keys are for their owner only`() throws {
        for entry in pki.entries {
            let attributes = try FileManager.default.attributesOfItem(atPath: pki.path(of: entry.name).key)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `the article's profile is what its commands make`() throws {
        let scratch = try Scratch()
        let article = try scratch.pki(profile: "article")
        let (server, client) = (try text(article.path(of: "server").certificate), try text(article.path(of: "client").certificate))
        #expect(server.contains("Version: 1 (0x0)") && server.contains("(2048 bit)"))
        #expect(server.contains("Subject: CN = mcp-server.internal\n"))
        #expect(client.contains("Subject: CN = claude-agent-prod\n"))
        #expect(try text(article.ca).contains("(4096 bit)"))
        #expect(try verify(article.path(of: "client").certificate, ca: article.ca) == "OK")
        // Without a SAN it is the CN that openssl's own check falls back to.
        #expect(try verify(article.path(of: "server").certificate, ["-verify_hostname", "mcp-server.internal"], ca: article.ca) == "OK")
    }
}
