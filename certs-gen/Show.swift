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
        print(Self.line("name", "serial", "valid to", "what is wrong, or remarkable"))
        for entry in opened.entries {
            let words = entry.wrong ?? entry.right.map { "(right) \($0)" }
            print(Self.line(entry.name, entry.serial, Self.day(entry.notAfter), remark(entry.serial, revoked, words)))
        }
        for later in issued {
            print(Self.line(later.name, later.serial, Self.day(later.notAfter), remark(later.serial, revoked, "(right) Issued later.")))
        }
    }

    private func remark(_ serial: String, _ revoked: Set<String>, _ words: String?) -> String {
        [revoked.contains(serial) ? "(revoked)" : nil, words].compactMap(\.self).joined(separator: " ")
    }

    private static func line(_ name: String, _ serial: String, _ end: String, _ remark: String) -> String {
        (Output.padded(name, 31) + Output.padded(serial, 34) + Output.padded(end, 12) + remark).trimmingCharacters(in: .whitespaces)
    }

    private static func day(_ seconds: Int) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601.year().month().day())
    }
}
