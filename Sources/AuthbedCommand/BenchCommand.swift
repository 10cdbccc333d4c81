import ArgumentParser
import Bed
import Foundation
import Scenarios

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure throughput by scheme against the same server with authentication off, start and memory.",
        discussion: """
            All servers run at the same time; blocks of requests take turns in random order. Authentication off stands in
            twice: where the two differ by more than the schemes do, the machine was too noisy to tell. A scheme whose name ends
            in -cached has a server that remembers the issuer's answers for a minute. With DPoP each request has a proof of its
            own, and the time to make it counts. At the end, one verification of a signed token by the server's own program
            (mcp-server bench-verification) is set against openssl speed ecdsap256, by turns.
            """)

    @OptionGroup var project: ProjectOptions
    @Option(help: "Rounds that count; one more warms up.") var rounds = 7
    @Option(help: "Requests in a block.") var requests = 400
    @Flag(help: "Print JSON.") var json = false
    @Option(help: ArgumentHelp("Where runs are kept; results/ in the project's folder if not given.", valueName: "dir"))
    var results: String?

    func run() async throws {
        let root = try project.root()
        let catalogue = try project.catalogue()
        let results = results ?? root + "/results"
        try? FileManager.default.removeItem(atPath: results + "/bench")
        let folder = try RunFolder(root: root, results: results, name: "bench", latest: false)
        guard let server = catalogue.subject("authbed-server"), let issuer = catalogue.subject("authbed-issuer"),
            let client = catalogue.subject("authbed-client")
        else { throw ValidationError("our own subjects are not in subjects/") }
        let bench = Bench(folder: folder.path, pkiFolder: folder.pki, programs: folder.programs, rounds: rounds, requests: requests)
        let measured = try await Interruption.guarded {
            try await bench.run(schemes: catalogue.schemes, server: server, issuer: issuer, client: client) { Terminal.complain($0) }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = try encoder.encode(measured)
        try text.write(to: URL(fileURLWithPath: folder.path + "/bench.json"), options: .atomic)
        Terminal.say(json ? String(decoding: text, as: UTF8.self) : measured.markdown)
    }
}

extension BenchResults {
    /// Tables and a sentence, as the README shows them.
    var markdown: String {
        var lines = [
            "| scheme | requests/s | against authentication off (lowest–highest of \(throughput.first?.perSecond.count ?? 0) rounds) |",
            "|---|---|---|",
        ]
        for row in throughput {
            let sorted = row.perSecond.sorted()
            let median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
            lines.append(
                "| \(row.scheme) | \(Int(median)) | \(percent(row.ratio)) (\(percent(row.lowest))–\(percent(row.highest)))\(row.failed > 0 ? ", \(row.failed) failed" : "") |"
            )
        }
        lines += ["", "| program | start to ready | memory |", "|---|---|---|"]
        for program in programs {
            lines.append("| \(program.name) | \(Int(program.readyMilliseconds.rounded())) ms | \(Int(program.megabytes.rounded())) MB |")
        }
        if let verification, let lowest = verification.ratios.first, let highest = verification.ratios.last {
            let middle = { (figures: [Double]) in figures.sorted()[figures.count / 2] }
            lines += [
                "",
                "One ES256 token, all checks, on one thread: \(Int(middle(verification.perSecond))) verifications a second; `openssl speed ecdsap256`, the "
                    + "signature alone, in the same run: \(Int(middle(verification.openssl))). That is \(percent(middle(verification.ratios))) "
                    + "(\(percent(lowest))–\(percent(highest))).",
            ]
        }
        return lines.joined(separator: "\n")
    }

    private func percent(_ ratio: Double) -> String { "\(Int((ratio * 100).rounded())) %" }
}
