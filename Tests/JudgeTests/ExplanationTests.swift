import Judge
import Reports
import Scenarios
import Testing
import Trace

@Suite("What authbed explain says")
struct ExplanationTests {
    static let source = DefectSource(files: [
        "Sources/Defects/Some.swift": """
        extension Defect {
            static let some: [Defect] = [
                Defect("server/x", server: { $0.tokens = $0.tokens.dropping("audience") }),
                Defect(
                    "server/y",
                    server: { parts in
                        // A parenthesis in "a string (" is no parenthesis.
                        parts.other = nil
                    }),
            ]
        }
        """,
        "Sources/OAuth/TokenChecks+claims.swift": """
        extension TokenChecks {
            static let audience =
                Check("audience") { evidence, _ in
                    evidence.audience == nil ? Refusal(.audience) : nil
                }
        }
        """,
        "Sources/OAuth/DPoPChecks.swift": "    Check(\"audience\") { wrong }",
    ])

    func explanation(width: Int = 160) -> Explanation {
        var catalogue = ReportInputs.catalogue
        if let scenario = try? ScenarioFile.read(revocationStory, id: "family/x", file: "x.yaml") { catalogue.scenarios = [scenario] }
        return Explanation(catalogue: catalogue, results: nil, source: Self.source, width: width)
    }

    @Test("A check: rule, source, where it is tried, what proves it")
    func check() throws {
        let text = try #require(explanation().text("story.stays"))
        for words in [
            "It stays \"revoked\".", "Otherwise <it> comes back.", "MUST, RFC 7009 section 2.1", "scenarios/family/x.yaml",
            "api-key, oauth-jwt, mtls", "server/x: Something <b>bent</b>.", "authbed run family/x --scheme api-key",
        ] { #expect(text.contains(words), "\(words)") }
    }

    @Test("A defect: the bent code beside the right one, or above it where it is too wide")
    func code() throws {
        let wide = try #require(explanation().text("server/x"))
        #expect(wide.contains(/right, Sources\/OAuth\/TokenChecks\+claims\.swift:3 +bent, Sources\/Defects\/Some\.swift:3/))
        #expect(wide.contains(/\ +Check\("audience"\) \{ evidence, _ in +Defect\("server\/x", server/))
        #expect(!wide.contains("wrong"))
        let narrow = try #require(explanation(width: 70).text("server/x"))
        #expect(narrow.contains("\nright, Sources/OAuth/TokenChecks+claims.swift:3\n  Check("))
    }

    @Test("Brackets in strings close nothing")
    func strings() throws {
        let bent = try #require(Self.source.bent("server/y"))
        #expect(bent.line == 4 && bent.lines.last == "    }),")
        #expect(Self.source.right(for: bent) == [])
        #expect(Self.source.bent("server/none") == nil)
    }

    @Test("A row, one claim of it, a scheme, a scenario; nothing for what there is not")
    func others() throws {
        let explanation = explanation()
        #expect(explanation.text("open")?.contains("window-fresh is at most 1 s") == true)
        #expect(explanation.text("open/keys")?.contains("keys: “Immediate”") == true)
        #expect(explanation.text("open/nobody") == nil)
        #expect(explanation.text("api-key")?.contains("out within 1 s") == true)
        #expect(explanation.text("family/x")?.contains("Both open the door.") == true)
        #expect(explanation.text("nothing") == nil)
    }

    @Test("A measure, what the article calls a factor, and for a name that nothing has those that come near it or hold it")
    func near() throws {
        let explanation = explanation()
        let measure = try #require(explanation.text("window-fresh"))
        #expect(measure.contains("scenarios/family/x.yaml: Revoke a credential") && measure.contains("shown in   open ("))
        #expect(explanation.text("REVOCATION speed")?.contains("window-fresh is at most 1 s") == true)
        #expect(explanation.text("open")?.contains("counts     How long it <stays>.") == true)
        #expect(explanation.hint(for: "story.stay") == " (did you mean 'story.stays'?)")
        #expect(explanation.hint(for: "fam") == "; there are family/x")
        #expect(explanation.hint(for: "nothing") == "")
    }

    @Test("A call of the latest run stands as a command of curl's, without its secret and harmless to a shell, with what came back")
    func byHand() throws {
        let sent =
            "POST https://127.0.0.1:4000/mcp?a='$(id)\nContent-Length: 9\nAuthorization: Bearer eyJh…[redacted #0000abcd]\nX: it's\n\n{\"a\":\"`$b`\"}"
        let input = try ReportInputs.input(try ReportInputs.stories([.keys], sent: sent, received: "HTTP 401\nDate: now\n\n{}"))
        let calls = Dictionary(
            uniqueKeysWithValues: try #require(input.trace).events.compactMap { event in event.call.map { (event.n, $0) } })
        var explanation = explanation()
        explanation.results = input.results
        explanation.call = { number in
            var call = calls[number]
            call?.sent = sent
            return call
        }
        let text = try #require(explanation.text("story.stays"))
        let command = #"""
              curl --include \
                  --cacert ca.pem \
                  "$SERVER"'/mcp?a='\''$(id)' \
                  -H 'Authorization: Bearer '"$CREDENTIAL" \
                  -H 'X: it'\''s' \
                  --data-binary '{"a":"`$b`"}'
              HTTP 401
            """#
        #expect(text.contains(command), "\(text)")
        #expect(!text.contains("Content-Length") && !text.contains("redacted"))
        explanation.call = { _ in nil }
        #expect(explanation.text("story.stays")?.contains("curl") == false)
    }

    @Test("The steps of a story say whom they are about and what is done, in plain words")
    func steps() throws {
        let text = try #require(explanation().text("family/x"))
        for words in [
            "issue alice", "call as alice and bob: Both open the door.", "revoke alice", "call again and again as alice, until refused",
        ] {
            #expect(text.contains(words), "\(words)")
        }
    }
}
