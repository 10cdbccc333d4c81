import ArgumentParser
import Forging

struct RevocationList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl",
        abstract: "Writes the revocation lists.",
        discussion: """
            One PEM file with the list of the issuing authority and the list of the root, replaced as one act.

            Example:
              certs-gen crl --pki pki --out pki/revoked.crl --lifetime 7d
            """)

    @Option(help: ArgumentHelp("The PKI's folder.", valueName: "dir"))
    var pki: String

    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var out: String

    @Option(help: "How long the lists are valid.")
    var lifetime = Seconds(7 * 86_400, as: "7d")

    private struct Answer: Encodable {
        var crl: String
        var number: Int
        var revoked: Int
    }

    func run() throws {
        let written = try PKI(opening: pki).writeRevocationLists(to: out, now: Output.now, lifetime: lifetime.value)
        try Output.print(Answer(crl: out, number: written.number, revoked: written.revoked))
    }
}
