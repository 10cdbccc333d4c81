import Judge
import Reports
import Scenarios
import Testing

@Suite struct BriefTableTests {
    private static let families: [TableDefinition.Family] = [
        .init(id: "keys", title: "API keys", schemes: ["api-key"]), .init(id: "mtls", title: "Mutual TLS", schemes: ["mtls", "mtls-crl"]),
    ]

    private static func row(_ id: String, _ title: String, factor: String? = nil, about: String? = nil) -> TableDefinition.Row {
        .init(id: id, title: title, factor: factor, about: about, cells: [], claims: [], line: 1)
    }

    private static let definition = TableDefinition(
        families: families, brief: .init(schemes: ["mtls-crl", "api-key"], rows: ["effort", "open"]),
        rows: [
            row("open", "Open | for", about: "How long <it> is."), row("refused", "Refused"),
            row("effort", "To set up", factor: "Effort"),
        ])

    private static func cells(_ words: [String?]) -> [ComparisonTable.Cell] {
        zip(["api-key", "mtls", "mtls-crl"], words).map { scheme, words in
            .init(scheme: scheme, kind: words?.hasPrefix("not measured") ?? true ? .missing : .measured, words: words ?? "not measured")
        }
    }

    private static var table: ComparisonTable {
        var open = ComparisonTable.Row(id: "open", title: "Open | for", factor: nil, cells: cells(["3 ms", "a year", "4 ms"]), claims: [])
        open.cells[2] = .init(scheme: "mtls-crl", kind: .notOffered, words: "does not arise: a | b")
        return ComparisonTable(
            columns: families.flatMap { family in
                family.schemes.map { .init(scheme: $0, family: family.id, familyTitle: family.title) }
            },
            rows: [
                open, .init(id: "refused", title: "Refused", factor: nil, cells: cells(["0 of 1", "0 of 2", "0 of 3"]), claims: []),
                .init(
                    id: "effort", title: "To set up", factor: "Effort", cells: cells([nil, "1", "2 | 3"]),
                    claims: [
                        .init(family: "keys", familyTitle: "API keys", says: "Low", outcome: .confirmed, condition: nil),
                        .init(family: "mtls", familyTitle: "Mutual TLS", says: "High", outcome: .depends, condition: "on the list"),
                    ]),
            ])
    }

    @Test func `rows and columns that were chosen, each with the article's word, and below what is not simply so`() {
        let whole = "# A title\n\n| another | table |\n|---|---|\n| x | y |\n\n\(MarkdownTable.text(Self.table))\n## More\n"
        #expect(
            BriefTable(whole, of: Self.definition).text == """
                | Measured | Mutual TLS<br>`mtls-crl` | API keys<br>`api-key` |
                |---|---|---|
                | **To set up**<br>Effort | 2 \\| 3<br>“High” **depends** | *not measured*<br>“Low” **confirmed** |
                | Open \\| for | – | 3 ms |

                Of what the article says, 2 statements were tried: confirmed 1, depends 1, refuted 0. In this table, not simply so:

                - To set up, Mutual TLS: “High” **depends**: on the list
                """)
    }

    @Test func `what one scheme of a family was tried for stands for the other, and what does not arise for none`() {
        var table = Self.table
        table.rows[0].cells[2].words = "not tried: once is enough"
        #expect(BriefTable(MarkdownTable.text(table), of: Self.definition).text.contains("\n| Open \\| for | a year, in `mtls` | 3 ms |\n"))
        table.rows[0].cells[1] = table.rows[0].cells[2]
        #expect(BriefTable(MarkdownTable.text(table), of: Self.definition).text.contains("\n| Open \\| for | – | 3 ms |\n"))
    }

    @Test func `where nothing is called brief, nothing is left out`() {
        var definition = Self.definition
        definition.brief = nil
        let lines = BriefTable(MarkdownTable.text(Self.table), of: definition).text.split(separator: "\n")
        #expect(lines[0] == "| Measured | API keys<br>`api-key` | Mutual TLS<br>`mtls` | Mutual TLS<br>`mtls-crl` |")
        #expect(lines[3] == "| Refused | 0 of 1 | 0 of 2 | 0 of 3 |")
    }

    @Test func `a text without the tables gives a head and nothing else`() {
        #expect(BriefTable("no table", of: Self.definition).text.hasPrefix("| Measured |\n|---|\n\nOf what"))
    }

    @Test func `what each row measures is told where its file says it`() {
        #expect(MarkdownTable.meanings(Self.definition) == "- **Open \\| for**: How long &lt;it> is.")
    }
}
