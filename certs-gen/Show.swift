import ArgumentParser
import Forging
import Foundation

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows what a PKI holds, and what is wrong with each certificate.",
        discussion: """
            Examples:
              certs-gen show --pki pki
              certs-gen show --pki pki --json
            """)

    @Option(help: ArgumentHelp("The PKI's folder.", valueName: "dir"))
    var pki: String

    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Answer: Encodable {
        struct Certificate: Encodable {
            var facts: PKIEntry
            var revoked: Bool

            enum Keys: String, CodingKey { case revoked }

            func encode(to encoder: any Encoder) throws {
                try facts.encode(to: encoder)
                var container = encoder.container(keyedBy: Keys.self)
                try container.encode(revoked, forKey: .revoked)
            }
        }

        var profile: String
        var certificates: [Certificate]
        var issued: [PKI.Issued]
    }

    func run() throws {
        let opened = try PKI(opening: pki)
        let (issued, revoked) = (try opened.issued(), try opened.revoked())
        if json {
            let certificates = opened.entries.map { Answer.Certificate(facts: $0, revoked: revoked.contains($0.serial)) }
            return try Output.print(Answer(profile: opened.profile, certificates: certificates, issued: issued))
        }
        var rows = opened.entries.map { entry in
            [entry.name, entry.serial, Self.day(entry.notAfter), remark(entry.serial, revoked, entry.wrong)]
        }
        rows += issued.map { [$0.name, $0.serial, Self.day($0.notAfter), remark($0.serial, revoked, "issued later")] }
        for row in [["name", "serial", "valid to", "what is wrong"]] + rows { print(Self.line(row)) }
    }

    private func remark(_ serial: String, _ revoked: Set<String>, _ words: String?) -> String {
        [revoked.contains(serial) ? "revoked" : nil, words].compactMap(\.self).joined(separator: "; ")
    }

    private static func line(_ cells: [String]) -> String {
        let widths = [24, 34, 12, 0]
        let padded = zip(cells, widths).map { $0 + String(repeating: " ", count: max($0.isEmpty || $1 == 0 ? 0 : 1, $1 - $0.count)) }
        return padded.joined().trimmingCharacters(in: .whitespaces)
    }

    private static func day(_ seconds: Int) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601.year().month().day())
    }
}
