import Bed
import Testing

@Suite("A subject's administration command")
struct HookTests {
    @Test("has its placeholders filled, repeated for each value, and left out with their option for none")
    func fill() {
        let template = ["keys", "issue", "--config", "{config}", "--scope={scope}", "--lifetime", "{lifetime}"]
        #expect(
            Hook.fill(template, ["config": ["a.json"], "scope": ["x", "y"], "lifetime": ["2s"]])
                == ["keys", "issue", "--config", "a.json", "--scope=x", "--scope=y", "--lifetime", "2s"])
        #expect(Hook.fill(template, ["config": ["a.json"], "scope": []]) == ["keys", "issue", "--config", "a.json"])
    }

    @Test("takes a value with blanks and quotes as one argument")
    func quoting() {
        #expect(Hook.fill(["{name}"], ["name": ["a b; rm -rf '$HOME'"]]) == ["a b; rm -rf '$HOME'"])
    }

    @Test("that fails, or does not print one JSON object, is the bed's error")
    func failing() async throws {
        let programs = Programs(folder: "/bin")
        for script in ["exit 1", "echo", "echo '[1]'", "echo nonsense"] {
            let hook = Hook(template: ["sh", "-c", script], programs: programs, environment: [:])
            await #expect(throws: BedError.self) { _ = try await hook.run([:]) }
        }
        let hook = Hook(template: ["sh", "-c", #"echo '{"key":"k","expires_at":5}'"#], programs: programs, environment: [:])
        let answer = try await hook.run([:])
        #expect(answer["key"]?.text == "k")
        #expect(answer["expires_at"]?.number == 5)
    }
}

@Suite("Redaction")
struct RedactionTests {
    @Test("leaves no secret, and tells two apart")
    func secrets() {
        let one = "sk_test_abcdefghijkl_0123456789", other = "sk_test_abcdefghijkl_9876543210"
        let text = "POST /mcp\nAuthorization: Bearer \(one)\nX: \(other)\n\nbody \(one)"
        let shown = Redaction.apply(text, secrets: [one, other])
        #expect(!shown.contains(one) && !shown.contains(other) && !shown.contains("0123456789"))
        #expect(Redaction.apply(one, secrets: [one]) != Redaction.apply(other, secrets: [other]))
    }

    @Test("finds a secret wherever it stands, after what begins like it too", arguments: ["", "a", "abcdefg", "abcdefgabcdef", "ä"])
    func anywhere(before: String) {
        for after in ["", "h", "abcdefgh"] {
            #expect(Redaction.apply("\(before)abcdefgh\(after)", secrets: ["abcdefgh"]).hasPrefix("\(before)abcd…[redacted #"))
        }
        #expect(Redaction.apply("\(before)abcdefg", secrets: ["abcdefgh"]) == "\(before)abcdefg")
    }

    @Test("covers an Authorization field nobody listed")
    func unlisted() {
        #expect(!Redaction.apply("authorization: Bearer forgotten-secret-token", secrets: []).contains("forgotten-secret"))
    }
}
