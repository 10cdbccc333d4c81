import ArgumentParser
import Forging

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows what OpenSSL's own verifier says of a certificate.",
        discussion: """
            Clients' certificates are judged as a TLS server would (purpose sslclient), servers' as a caller of mcp-server.internal \
            would, both by the strict rules, at security level 2, and with the lists of every authority above; an OCSP responder's by \
            an answer that it signs; an authority's as a chain alone. Without a name all are judged, beside what the manifest expects.

            Examples:
              certs-gen verify --pki pki expired
              certs-gen verify --pki pki

            Exit status: 0 accepted, or for all as expected; 1 refused, or not as expected.
            """)

    @Option(help: ArgumentHelp("The PKI's folder.", valueName: "dir"))
    var pki: String

    @Argument(help: "The certificate's name.")
    var name: String?

    @Flag(help: "Print one JSON object even for all.")
    var json = false

    private struct Answer: Encodable {
        var agree: Int
        var differ: Int
        var certificates: [PKIVerdict]
    }

    func run() throws {
        let opened = try PKI(opening: pki)
        if let name {
            let verdict = try opened.verify(name, now: Output.now)
            try Output.print(verdict)
            if !verdict.accepted { throw ExitCode(1) }
            return
        }
        let verdicts = try opened.entries.map { try opened.verify($0.name, now: Output.now) }
        let differing = verdicts.filter { !$0.agrees }.count
        if json {
            try Output.print(Answer(agree: verdicts.count - differing, differ: differing, certificates: verdicts))
        } else {
            for verdict in verdicts { print(line(verdict)) }
            print("\(verdicts.count) certificates, \(differing == 0 ? "all" : "\(verdicts.count - differing)") as the manifest expects")
        }
        if differing > 0 { throw ExitCode(1) }
    }

    private func line(_ verdict: PKIVerdict) -> String {
        let words = verdict.faults.map { "\($0.words) (\($0.code), depth \($0.depth))" }.joined(separator: "; ")
        let said = verdict.accepted ? "accepts" : "refuses: \(words)"
        let note = verdict.agrees ? "" : "  EXPECTED \(verdict.expected ?? "a refusal")"
        return Output.padded(verdict.name, 32) + said + note
    }
}
