import Foundation
import Scenarios
import Testing

/// A project's folder with one file of each kind, in which a test changes one thing.
struct TemporaryProject: ~Copyable {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("authbed-catalogue-\(UUID().uuidString)").path

    static let right: [String: String] = [
        "scenarios/revocation/x.yaml": goodStory,
        "schemes/api-key.yaml": goodScheme,
        "schemes/oauth-jwt.yaml": goodScheme,
        "requirements/checks.yaml": """
        - { id: revocation.takes-effect, role: server, level: MUST, clause: RFC 7009, rule: It ends., why: Theft. }
        - { id: revocation.stays, role: server, level: MUST, clause: RFC 7009, rule: It stays so., why: Theft. }
        """,
        "requirements/table.yaml": """
        families: [{ id: keys, title: Keys, schemes: [api-key] }]
        rows: [{ id: r, title: R, cells: [{ words: "{window-fresh}" }], claims: [] }]
        """,
        "defects/server.yaml": """
        - { id: server/ignores-revocation, role: server, bends: None is read., kills: [revocation.takes-effect, revocation.stays] }
        """,
        "subjects/ours/subject.yaml": """
        { title: Ours, role: server, schemes: [api-key], eras: ["2026-07-28"], start: [a], hooks: {}, audit: no }
        """,
    ]

    init(changing file: String? = nil, _ old: String = "", _ new: String = "") throws {
        for (path, text) in Self.right {
            let url = URL(fileURLWithPath: "\(root)/\(path)")
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data((path == file ? text.replacing(old, with: new) : text).utf8).write(to: url)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }
}

@Suite struct CatalogueTests {
    @Test func `a project without mistakes is loaded whole`() throws {
        let project = try TemporaryProject()
        let catalogue = try Catalogue.load(from: project.root)
        #expect(catalogue.scenario("revocation/x")?.title == "Revoke a credential")
        #expect(catalogue.schemes.map(\.id) == ["api-key", "oauth-jwt"])
        #expect(catalogue.requirements.count == 2)
        #expect(catalogue.defect("server/ignores-revocation")?.file == "defects/server.yaml")
        #expect(catalogue.subject("ours")?.role == .server)
        #expect(catalogue.table?.rows.count == 1)
        #expect(catalogue.warnings.isEmpty)
    }

    @Test func `a subject of another folder is held against the project's schemes and checks`() throws {
        let project = try TemporaryProject()
        let catalogue = try Catalogue.load(from: project.root)
        let folder = "\(project.root)/elsewhere/theirs"
        let file = "\(folder)/subject.yaml"
        #expect(try catalogue.foreignSubject(file) == nil)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let right = #"{ title: Theirs, role: server, schemes: [api-key], eras: ["2026-07-28"], start: [a] }"#
        try Data(right.utf8).write(to: URL(fileURLWithPath: file))
        let baseline = "- { check: revocation.takes-effect, verdict: fail, why: It caches. }\n"
        try Data(baseline.utf8).write(to: URL(fileURLWithPath: "\(folder)/baseline.yaml"))
        let subject = try #require(try catalogue.foreignSubject(file))
        #expect(subject.id == "theirs")
        #expect(subject.known.map(\.check) == ["revocation.takes-effect"])
        try Data(right.replacing("api-key", with: "apikey").utf8).write(to: URL(fileURLWithPath: file))
        try Data(baseline.replacing("takes-effect", with: "takes-efect").utf8).write(to: URL(fileURLWithPath: "\(folder)/baseline.yaml"))
        #expect(
            mistakes { () throws(SourceErrors) in _ = try catalogue.foreignSubject(file) } == [
                "1:12: no check 'revocation.takes-efect' in requirements/ (did you mean 'revocation.takes-effect'?)",
                "1:42: no scheme 'apikey' in schemes/ (did you mean 'api-key'?)",
            ])
    }

    static let story = "scenarios/revocation/x.yaml"
    static let broken: [(String, String, String, [String])] = [
        (
            story, "with: [alice, bob]", "with: [alise, bob]",
            ["\(story):11:34: error: no credential 'alise' before this (did you mean 'alice'?)"]
        ),
        (
            story, "over: resumed kept", "over: resumed keptt",
            ["\(story):16:55: error: no connection 'keptt' before this (did you mean 'kept'?)"]
        ),
        (story, "as: again", "as: kept", ["\(story):13:19: error: 'kept' is already the name of an earlier step"]),
        (
            story, "window:  { calls: fresh", "window:  { calls: frech",
            ["\(story):21:23: error: no set of calls 'frech' before this (did you mean 'fresh'?)"]
        ),
        (
            story, "twin: bob, ", "",
            [
                "\(story):23:12: error: a refusal proves nothing without a twin: name one, give the probe one, or expect 'fresh' accepted before"
            ]
        ),
        (story, "only-for: api-key", "only-for: mtls", ["\(story):25:15: error: no scheme of this scenario 'mtls' before this"]),
        (story, "[api-key, oauth-jwt]", "[api-key, oauth]", ["\(story):5:20: error: no scheme 'oauth' in schemes/"]),
        (
            story, "check: revocation.stays", "check: revocation.stay",
            [
                "requirements/checks.yaml:2:9: error: no scenario decides the check 'revocation.stays'",
                "\(story):23:12: error: no check 'revocation.stay' in requirements/ (did you mean 'revocation.stays'?)",
                "defects/server.yaml:1:9: error: check 'revocation.stay' bites this defect and is not in its kill set",
            ]
        ),
        (
            story, "bites:   [server/ignores-revocation]", "bites:   [server/ignores-revocations]",
            [
                "\(story):22:15: error: no defect 'server/ignores-revocations' in defects/ (did you mean 'server/ignores-revocation'?)"
            ]
        ),
        (
            story, "bites:   [server/ignores-revocation]", "bites:   []",
            ["\(story):22:14: error: expected at least one of defects"]
        ),
        (
            "defects/server.yaml", "server/ignores-revocation", "server/ignores-all",
            [
                "defects/server.yaml:1:9: error: no check names 'server/ignores-all' in its 'bites'",
                "\(story):22:15: error: no defect 'server/ignores-revocation' in defects/",
                "\(story):26:14: error: no defect 'server/ignores-revocation' in defects/",
            ]
        ),
        (
            "requirements/table.yaml", "{window-fresh}", "{window-fresch}",
            ["requirements/table.yaml:2:46: error: no measure 'window-fresch' (did you mean 'window-fresh'?)"]
        ),
        (
            "requirements/table.yaml", "\nrows:", "\nbrief: { schemes: mtls, rows: [nowhere] }\nrows:",
            [
                "requirements/table.yaml:2:19: error: no scheme 'mtls'",
                "requirements/table.yaml:2:32: error: no row 'nowhere'",
            ]
        ),
        (
            "subjects/ours/subject.yaml", "[api-key]", "[apikey]",
            ["subjects/ours/subject.yaml:1:40: error: no scheme 'apikey' in schemes/ (did you mean 'api-key'?)"]
        ),
    ]

    @Test(arguments: broken) func `a name that nobody defined is told where it stands`(_ row: (String, String, String, [String])) throws {
        let project = try TemporaryProject(changing: row.0, row.1, row.2)
        #expect(Set(Catalogue.open(project.root).errors.map(\.description)) == Set(row.3))
    }

    @Test func `a missing folder and a file that is no text are told`() throws {
        let project = try TemporaryProject()
        try FileManager.default.removeItem(atPath: "\(project.root)/subjects")
        try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: "\(project.root)/schemes/api-key.yaml"))
        #expect(
            Catalogue.open(project.root).errors.map(\.description) == [
                "schemes/api-key.yaml: error: not UTF-8 text", "subjects: error: no such folder",
            ])
    }

    @Test func `a long file is worth a warning, not an error`() throws {
        let schemes = "schemes: [api-key, oauth-jwt]"
        let long = try TemporaryProject(changing: Self.story, schemes, String(repeating: "# more\n", count: 60) + schemes)
        let (catalogue, errors) = Catalogue.open(long.root)
        #expect(errors.isEmpty)
        #expect(catalogue.warnings.map(\.description) == ["\(Self.story):61:1: warning: 87 lines; one phenomenon fits in about 60"])
    }
}
