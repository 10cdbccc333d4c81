import Judge
import Reports
import Scenarios
import Testing
import Trace

@Suite struct ReportTests {
    /// One cell with one failure, and a table of one row.
    func results() throws -> Results {
        var trace = try revocationTrace()
        trace.edit {
            $0.set == "fresh" && $0.begin == 115_000_000
        } change: {
            $0.reason = "unknown"
        }
        let definition = TableDefinition(
            families: [
                .init(id: "keys", title: "API keys", schemes: ["api-key"]), .init(id: "mtls", title: "Mutual TLS", schemes: ["mtls"]),
            ],
            rows: [
                .init(
                    id: "r", title: "Revocation speed", factor: "Revocation speed", cells: [.init(schemes: nil, words: "{window-fresh}")],
                    claims: [
                        .init(
                            family: "keys", says: "Immediate | <now>",
                            holds: [.measure("window-fresh", atLeast: nil, atMost: .value(0.001))],
                            depends: nil, line: 1)
                    ], line: 1)
            ])
        return try Judge.judge(try TraceReader.read(try trace.text()), requirements: [], table: definition)
    }

    @Test func `the terminal report counts, explains what is not right, and ends with the table`() throws {
        let text = TerminalReport(width: 80, colour: false).text(try results())
        #expect(
            text == """
                authbed 1.0  era 2026-07-28  2026-11-22T10:00:00Z  1 s
                server: ours

                family/x  Revoke a credential
                  api-key  ● 5 pass  ✕ 1 fail  8 calls, 1 s
                    ✕ story.stays  fail
                      refused for unknown, wanted revoked or expired [events 14]
                    window-fresh  5–11 ms
                    refused-fresh  3 of 4
                    lifetime  1 h

                                  api-key                        mtls
                ────────────────────────────────────────────────────────────────────────────────
                Revocation speed  5–11 ms                        not measured

                What the article says
                Revocation speed
                  API keys: “Immediate | <now>” refuted

                ● 5 pass  ✕ 1 fail  6 of 6 applicable checks judged

                """)
    }

    @Test func `colour is the caller's choice, and never the only sign`() throws {
        let results = try results()
        let plain = TerminalReport(width: 80, colour: false).text(results)
        let coloured = TerminalReport(width: 80, colour: true).text(results)
        #expect(!plain.contains("\u{1B}"))
        #expect(coloured.contains("\u{1B}[1;31m✕ 1 fail\u{1B}[0m"))
        #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    }

    @Test func `no line is wider than the terminal, and a narrow one gets blocks for a grid`() throws {
        let table = try #require(try results().table)
        for width in [40, 60, 100] {
            let lines = TerminalTable(width: width, colour: false).text(table).split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= width })
        }
        #expect(
            TerminalTable(width: 40, colour: false).text(table).hasPrefix("Revocation speed\n  api-key  5–11 ms\n  mtls     not measured"))
    }

    @Test func `the Markdown table holds what would end a cell or begin a tag`() throws {
        let text = MarkdownTable.text(try #require(try results().table))
        #expect(
            text == """
                | Measured | `api-key` | `mtls` |
                |---|---|---|
                | Revocation speed | 5–11 ms | *not measured* |

                | The article says | of | that | it is | because |
                |---|---|---|---|---|
                | Revocation speed | API keys | “Immediate \\| &lt;now>” | **refuted** |  |

                """)
    }

    @Test func `results survive being written and read`() throws {
        let results = try results()
        #expect(try ResultsFile.read(ResultsFile.text(results)) == results)
        let text = try ResultsFile.text(results)
        #expect(text.contains("\"schema\" : 1"))
        #expect(text.contains("\"seen_open\" : true"))
        #expect(throws: ResultsFileError.self) { try ResultsFile.read(text.replacing("\"schema\" : 1", with: "\"schema\" : 9")) }
    }

    @Test func `JUnit shows a failure as such, doubt as an error and what does not apply as skipped`() throws {
        let text = JUnitReport.text(try results())
        #expect(
            text.hasPrefix(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="authbed" tests="6" failures="1" errors="0" time="1.000">
                  <testsuite name="family/x@api-key" tests="6" failures="1" errors="0" skipped="0" time="1.000">
                    <testcase classname="family/x@api-key" name="story.both-welcome"/>
                """))
        #expect(text.contains("<failure message=\"refused for unknown, wanted revoked or expired\"/>"))
    }

    @Test func `what a subject wrote cannot move the cursor or break the XML`() throws {
        var trace = try TraceBuilder(revocationStory)
        trace.fault("died: \u{1B}[2J\u{0} <&\">")
        trace.end(complete: false)
        let results = try Judge.judge(try TraceReader.read(try trace.text()), requirements: [])
        #expect(!TerminalReport(width: 80).text(results).contains("\u{1B}"))
        let xml = JUnitReport.text(results)
        #expect(xml.contains("<error message=\"died:  [2J  &lt;&amp;&quot;&gt;\">last words</error>"))
        #expect(xml.contains("errors=\"7\""))
    }
}
