import ArgumentParser
import Forging

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

    @Option(help: "The manifest.")
    var manifest = "certs-gen/pki.yaml"

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

    func run() throws {
        let pki = try PKI.build(manifest: try PKIManifest(file: manifest), profile: profile, into: out)
        try Output.print(
            Answer(pki: pki.directory, profile: pki.profile, ca: pki.ca, clientCa: pki.clientCA, certificates: pki.entries.count))
    }
}
