import Judge
import Testing

@Suite("The table of a part of a run")
struct ReducedTableTests {
    typealias Table = ComparisonTable

    static let table = Table(
        columns: [
            .init(scheme: "api-key", family: "api-key", familyTitle: "API keys"),
            .init(scheme: "mtls", family: "mtls", familyTitle: "Mutual TLS"),
            .init(scheme: "mtls-crl", family: "mtls", familyTitle: "Mutual TLS"),
        ],
        rows: [
            .init(
                id: "a", title: "A", factor: nil,
                cells: [
                    .init(scheme: "api-key", kind: .missing, words: "not measured"),
                    .init(scheme: "mtls", kind: .missing, words: "not measured"),
                    .init(scheme: "mtls-crl", kind: .measured, words: "3 ms"),
                ],
                claims: [.init(family: "mtls", familyTitle: "Mutual TLS", says: "Immediate", outcome: .confirmed, condition: nil)]),
            .init(
                id: "b", title: "B", factor: nil,
                cells: ["api-key", "mtls", "mtls-crl"].map { .init(scheme: $0, kind: .missing, words: "not measured") }, claims: []),
            .init(
                id: "c", title: "C", factor: nil,
                cells: ["api-key", "mtls", "mtls-crl"].map { .init(scheme: $0, kind: .notOffered, words: "does not arise") }, claims: []),
        ])

    @Test("keeps the columns played and the rows measured, and claims of whole families only")
    func reduced() {
        let part = Self.table.reduced(to: ["mtls-crl"])
        #expect(part.columns.map(\.scheme) == ["mtls-crl"])
        #expect(part.rows.map(\.id) == ["a"])
        #expect(part.rows.first?.cells.map(\.words) == ["3 ms"])
        #expect(part.rows.first?.claims == [])
        let whole = Self.table.reduced(to: ["mtls", "mtls-crl"])
        #expect(whole.rows.first?.claims.count == 1)
    }
}
