import Foundation
import Scenarios
import Testing

@Suite("Rules of the catalogue are decided, or say why not")
struct RuleLinterTests {
    private static let file = "requirements/catalogue.yaml"
    private static let checks = """
        - { id: revocation.takes-effect, role: server, level: MUST, clause: RFC 7009, rule: It ends., why: Theft., covers: key.revoked }
        - { id: revocation.stays, role: server, level: MUST, clause: RFC 7009, rule: It stays so., why: Theft. }
        """

    private func opened(_ rules: String, checks: String = Self.checks) throws -> (catalogue: Catalogue, errors: [String]) {
        let project = try TemporaryProject()
        try Data(rules.utf8).write(to: URL(fileURLWithPath: "\(project.root)/\(Self.file)"))
        try Data(checks.utf8).write(to: URL(fileURLWithPath: "\(project.root)/requirements/checks.yaml"))
        let (catalogue, errors) = Catalogue.open(project.root)
        return (catalogue, errors.map(\.description))
    }

    @Test func `rules that are covered or answered are counted by role`() throws {
        let (catalogue, errors) = try opened(
            "server: [key.revoked, { id: key.length, instead: It tells nothing. }]\nclient: [{ id: client.colour, instead: Nobody asks. }]")
        #expect(errors.isEmpty)
        #expect(catalogue.ruleCounts(of: .server) == (decided: 1, answered: 1))
        #expect(catalogue.ruleCounts(of: .client) == (decided: 0, answered: 1))
        #expect(catalogue.ruleCounts(of: .issuer) == (decided: 0, answered: 0))
    }

    static let broken: [(String, String)] = [
        ("server: [key.revoked, key.length]", "\(file):1:23: error: no check covers 'key.length', and no 'instead' says what became of it"),
        (
            "server: [{ id: key.revoked, instead: No. }]",
            "\(file):1:16: error: check 'revocation.takes-effect' covers 'key.revoked': 'instead' is for rules without a check"
        ),
        ("server: [key.revoked, key.revoked]", "\(file):1:10: error: rule 'key.revoked' stands twice"),
        (
            "server: [{ id: key.revokes, instead: No. }]",
            "requirements/checks.yaml:1:116: error: no rule 'key.revoked' in \(file) (did you mean 'key.revokes'?)"
        ),
        ("servers: [key.revoked]", "\(file):1:1: error: unknown key 'servers' in the catalogue (did you mean 'server'?)"),
        ("server: [{ id: key.revoked }]", "\(file):1:10: error: missing key 'instead' in a rule"),
    ]

    @Test(arguments: broken) func `what was lost on the way is told where it stands`(_ rules: String, _ error: String) throws {
        #expect(try opened(rules).errors == [error])
    }
}
