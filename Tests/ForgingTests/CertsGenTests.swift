import ChildProcesses
import Forging
import Foundation
import Testing

@Suite("The program certs-gen") struct CertsGenTests {
    /// Built beside the tests, wherever those are.
    private static func program() throws -> URL {
        let folders = [
            URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent(),
            URL(filePath: Scratch.manifest).deletingLastPathComponent().appending(path: "../.build/release"),
        ]
        let places = folders.map { $0.appending(path: "certs-gen") }
        return try #require(places.first { FileManager.default.isExecutableFile(atPath: $0.path) })
    }

    private let scratch: Scratch
    private let pki: PKI

    init() throws {
        scratch = try Scratch()
        pki = try scratch.pki()
    }

    private func run(_ arguments: String...) throws -> (status: Int32, output: String, error: String) {
        try ChildProcess.run(try Self.program().path, arguments)
    }

    @Test func `verify says yes, no, or that there is no such certificate`() throws {
        let right = try run("verify", "--pki", pki.directory, "alice")
        #expect(right.status == 0)
        #expect(right.output == #"{"accepted":true,"agrees":true,"expected":"accepts","faults":[],"name":"alice"}"# + "\n")
        let wrong = try run("verify", "--pki", pki.directory, "expired")
        #expect(wrong.status == 1 && wrong.error.isEmpty)
        #expect(wrong.output.contains(#""faults":[{"code":10,"depth":0,"words":"certificate has expired"}]"#))
        let missing = try run("verify", "--pki", pki.directory, "nobody")
        #expect(missing.status == 2 && missing.output.isEmpty)
        #expect(missing.error == "certs-gen: error: \(pki.directory) has no certificate 'nobody'\n")
    }

    @Test(arguments: ["standard", "article"])
    func `all of a profile are as the manifest expects`(profile: String) throws {
        let answer = try run("verify", "--pki", try scratch.pki(profile: profile).directory)
        #expect(answer.status == 0, "\(answer)")
        #expect(answer.output.contains(" certificates, all as the manifest expects\n"))
    }

    @Test func `show lists every certificate with what is wrong with it`() throws {
        let lines = try run("show", "--pki", pki.directory).output.split(separator: "\n")
        #expect(lines.count == pki.entries.count + 1)
        for entry in pki.entries {
            let line = try #require(lines.first { $0.hasPrefix("\(entry.name) ") })
            #expect(line.contains(entry.serial) && line.hasSuffix(entry.wrong ?? entry.right ?? ""))
        }
        struct Shown: Decodable {
            struct Certificate: Decodable {
                var name: String
                var side: String
                var wrong: String?
                var revoked: Bool
            }
            var certificates: [Certificate]
        }
        let answer = try run("show", "--pki", pki.directory, "--json")
        let shown = try JSONDecoder().decode(Shown.self, from: Data(answer.output.utf8))
        #expect(shown.certificates.map(\.name) == pki.entries.map(\.name))
        #expect(shown.certificates.map(\.wrong) == pki.entries.map(\.wrong))
        #expect(shown.certificates.allSatisfy { !$0.revoked })
    }

    @Test func `crl writes what is asked for`() throws {
        let list = "\(scratch.path)/list.crl"
        let answer = try run("crl", "--pki", pki.directory, "--out", list, "--variant", "huge=12", "--format", "der")
        #expect(answer.output == #"{"crl":"\#(list)","number":1,"revoked":12,"variant":"huge"}"# + "\n")
        #expect(try Scratch.openssl(["crl", "-in", list, "-inform", "DER", "-noout", "-crlnumber"]).output == "crlNumber=0x01\n")
        #expect(try run("crl", "--pki", pki.directory, "--out", list, "--variant", "wrong").status == 2)
        #expect(try run("crl", "--pki", pki.directory, "--out", list, "--authority", "alice").status == 2)
    }

    @Test func `an issued certificate says where its list and responder are`() throws {
        _ = try run(
            "issue", "--pki", pki.directory, "--name", "carol", "--crl-url", "http://127.0.0.1:1/list", "--ocsp-url", "http://127.0.0.1:2",
            "--out", scratch.path)
        let text = try Scratch.openssl(["x509", "-in", "\(scratch.path)/carol.pem", "-noout", "-text"]).output
        #expect(text.contains("URI:http://127.0.0.1:1/list\n") && text.contains("OCSP - URI:http://127.0.0.1:2\n"))
    }

    @Test func `ocsp is ready with its address, answers, and ends with its input`() throws {
        let process = try ChildProcess(try Self.program().path, ["ocsp", "--pki", pki.directory, "--exit-with-parent"])
        struct Ready: Decodable { var ready: [String: String] }
        let line = try #require(process.output).availableData
        let url = try #require(try JSONDecoder().decode(Ready.self, from: line).ready["url"])
        #expect(url.hasPrefix("http://127.0.0.1:"))
        let answer = try Scratch.openssl([
            "ocsp", "-issuer", pki.path(of: "intermediate").certificate, "-cert", pki.path(of: "alice").certificate, "-url", url, "-CAfile",
            pki.ca, "-timeout", "10",
        ])
        #expect(answer.output.contains(": good\n"))
        #expect(try HTTP.exchange(url, "GET /state HTTP/1.1\r\n\r\n").hasSuffix(#"{"answers":{"ledger":1},"requests":1}"# + "\n"))
        try process.input.close()
        #expect(process.wait() == 0)
    }

    @Test func `ocsp refuses other addresses and scripts that are none`() throws {
        #expect(try run("ocsp", "--pki", pki.directory, "--listen", "0.0.0.0:0").status == 2)
        let script = try scratch.write("good\nbad\n", as: "script")
        let answer = try run("ocsp", "--pki", pki.directory, "--script", script)
        #expect(answer.status == 2)
        #expect(answer.error.hasPrefix("\(script):2:1: error: expected one of ledger, good, revoked, "))
    }

    @Test func `limbo counts its cases`() throws {
        let answer = try run("limbo")
        #expect(answer.status == 0)
        #expect(answer.output.contains(#""unexplained":[]}"#))
    }
}
