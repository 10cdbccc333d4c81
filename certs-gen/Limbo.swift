import ArgumentParser
import Forging

struct Limbo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes cases of path validation after x509-limbo, for clients' certificates, and asks OpenSSL.",
        discussion: """
            With --out each case becomes a folder: trusted.pem, chain.pem, leaf.key and, where there are any, lists.pem; \
            index.json has the facts of all, with what is expected and what OpenSSL says.

            Examples:
              certs-gen limbo
              certs-gen limbo --out limbo

            Exit status: 1 when OpenSSL differs from what is expected and no reason is known, or the other way round.
            """)

    @Option(help: ArgumentHelp("A new folder for the cases.", valueName: "dir"))
    var out: String?

    private struct Answer: Encodable {
        var cases: Int
        var expectedAccepted: Int
        var expectedRefused: Int
        var opensslRight: Int
        var opensslDiffers: Int
        var unexplained: [String]
    }

    func run() throws {
        let suite = LimboSuite(now: Output.now)
        let results = try out.map { try suite.write(into: $0) } ?? suite.results()
        if out == nil {
            for result in results {
                let found = result.faults.map { "\($0.words) (depth \($0.depth))" }.joined(separator: "; ")
                let remark = result.because.map { "  DIFFERS: \($0)" } ?? ""
                print(
                    Output.padded(result.id, 70) + Output.padded(result.expected, 10)
                        + (result.openssl == "accepted" ? "openssl accepts" : "openssl refuses: \(found)") + remark
                        + (result.isExplained ? "" : "  UNEXPLAINED"))
            }
        }
        let unexplained = results.filter { !$0.isExplained }.map(\.id)
        let right = results.filter { $0.openssl == $0.expected }.count
        let accepted = results.filter { $0.expected == "accepted" }.count
        try Output.print(
            Answer(
                cases: results.count, expectedAccepted: accepted, expectedRefused: results.count - accepted, opensslRight: right,
                opensslDiffers: results.count - right, unexplained: unexplained))
        if !unexplained.isEmpty { throw ExitCode(1) }
    }
}
