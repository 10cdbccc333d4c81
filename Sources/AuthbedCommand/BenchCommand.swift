import ArgumentParser
import Bed
import Foundation
import Scenarios

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure throughput by scheme against the same server with authentication off, start and memory.",
        discussion: """
            All servers run at the same time; blocks of requests take turns in random order. Authentication off stands in \
            twice: where the two differ by more than the schemes do, the machine was too noisy to tell. A scheme whose name ends \
            in -cached has a server that remembers the issuer's answers for a minute. With DPoP each request has a proof of its \
            own, and the time to make it counts. Then what client certificates cost: connections with a full handshake, and \
            requests over kept ones, with nginx and the same certificates beside where nginx is installed (apt-get install nginx). \
            One verification of a signed token by the server's own program (mcp-server bench-verification) is set against openssl \
            speed ecdsap256. And the server without authentication is measured by h2load too, where that is installed (apt-get \
            install nghttp2-client): requests a second over all connections, and over a single one how long half of them take. That \
            server is kept to one processor meanwhile, so that neither tool takes from it. Both tools stand in twice in each of three \
            times as many rounds; they agree when they differ by no more than one does from itself. All of it by turns.
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
