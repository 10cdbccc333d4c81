import ArgumentParser
import Forging
import Foundation

struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes every certificate of a manifest's profile.",
        discussion: """
            DIR/ca.pem is what callers trust servers by, DIR/client-ca.pem what servers trust callers by, DIR/NAME.pem a certificate \
            with its chain, DIR/NAME.key its key, DIR/index.json the facts of each. Built once: while the manifest stays the same, \
            building again changes nothing. Another manifest's PKI in DIR is replaced.

            Examples:
              certs-gen build --out pki
              certs-gen build --out article-pki --profile article
            """)

    @Option(help: "The manifest. Default: certs-gen/pki.yaml, here or where this program was built.")
    var manifest: String?

    @Option(help: "Which of the manifest's profiles.")
    var profile = "standard"

    @Option(help: ArgumentHelp("The PKI's folder.", valueName: "dir"))
    var out: String

    private struct Answer: Encodable {
        var pki: String
        var profile: String
        var ca: String
        var clientCa: String
        var certificates: Int
    }

    /// The project's own, which the working folder or one above the program's holds.
    private static var usual: String {
        let usual = "certs-gen/pki.yaml"
        var folder = URL(fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "")
        for _ in 1...5 where !FileManager.default.fileExists(atPath: usual) {
            folder.deleteLastPathComponent()
            let candidate = folder.appending(path: usual).path
            if FileManager.default.fileExists(atPath: candidate) { return candidate }
        }
        return usual
    }

    func run() throws {
        let pki = try PKI.build(manifest: try PKIManifest(file: manifest ?? Self.usual), profile: profile, into: out)
        try Output.print(
            Answer(pki: pki.directory, profile: pki.profile, ca: pki.ca, clientCa: pki.clientCA, certificates: pki.entries.count))
    }
}
