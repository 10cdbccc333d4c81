import ArgumentParser
import Forging

struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Revokes a certificate.",
        discussion: """
            Nobody knows of it before a new list is written: --crl does so in the same act.

            Examples:
              certs-gen revoke --pki pki --serial 4f0c…e1
              certs-gen revoke --pki pki --serial 4f0c…e1 --crl pki/revoked.crl
            """)

    @Option(help: ArgumentHelp("The PKI's folder.", valueName: "dir"))
    var pki: String

    @Option(help: "The certificate's serial number in hexadecimal, as issue and show print it.")
    var serial: String

    @Option(help: ArgumentHelp("Also write the revocation lists here.", valueName: "file"))
    var crl: String?

    @Option(help: "How long the lists are valid.")
    var lifetime = Seconds(7 * 86_400, as: "7d")

    private struct Answer: Encodable {
        var serial: String
        var revokedAt: Double
        var crl: String?
        var number: Int?
    }

    func run() throws {
        let opened = try PKI(opening: pki)
        let now = Output.now
        let serial = try opened.revoke(serial: serial, at: now)
        let list = try crl.map { try opened.writeRevocationLists(to: $0, now: now, lifetime: lifetime.value) }
        try Output.print(Answer(serial: serial.serial, revokedAt: Double(serial.at), crl: crl, number: list?.number))
    }
}
