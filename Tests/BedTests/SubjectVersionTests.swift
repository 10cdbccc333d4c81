import Bed
import Scenarios
import Testing

@Suite("What a subject says that it is")
struct SubjectVersionTests {
    private func title(_ version: String) async throws -> String {
        let text = """
            title: Mine
            version: \(version)
            role: server
            schemes: [api-key]
            eras: ["2026-07-28"]
            start: [mine]
            hooks: {}
            """
        let subject = try SubjectFile.read(text, id: "mine", file: "subject.yaml", folder: "/somewhere")
        return await SubjectVersion.title(of: subject, programs: Programs(folder: "/bin"))
    }

    @Test("is the first line of what its command prints, on either stream, as far as it is of use")
    func firstLine() async throws {
        #expect(try await title(#"[sh, -c, "echo 2.1; echo and more"]"#) == "Mine (2.1)")
        #expect(try await title(#"[sh, -c, "echo ' mine/2.1 ' >&2"]"#) == "Mine (mine/2.1)")
        #expect(try await title(#"[sh, -c, "echo in $0", "{subject}"]"#) == "Mine (in /somewhere)")
        #expect(try await title(#"[sh, -c, "printf %0100d 0"]"#) == "Mine (\(String(repeating: "0", count: 80))…)")
    }

    @Test(
        "is its title where the command cannot be run, fails or prints nothing", arguments: ["[no-such-program]", "['false']", "['true']"])
    func silence(version: String) async throws {
        #expect(try await title(version) == "Mine")
    }

    @Test("is asked for by a command that has a program")
    func empty() async {
        await #expect(throws: SourceErrors.self) { _ = try await title("[]") }
    }
}
