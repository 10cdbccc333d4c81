import Bed
import Foundation
import Scenarios
import Testing
import Trace

@Suite("Cells") struct CellTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL.path

    private static func cell(_ scenario: String) throws -> Cell {
        let catalogue = try Catalogue.load(from: root)
        let subject = { (name: String) in try #require(catalogue.subject(name)) }
        return Cell(
            scenario: try #require(catalogue.scenarios.first { $0.id == scenario }),
            scheme: try #require(catalogue.schemes.first { $0.id == "api-key" }), era: "2026-07-28",
            server: try subject("authbed-server"), issuer: try subject("authbed-issuer"), client: try subject("authbed-client"))
    }

    @Test("A case ends early only where that is asked for, and with an acceptance that breaks it")
    func settled() throws {
        var cell = try Self.cell("requests/front-door")
        let items = try #require(cell.scenario.battery).cases
        let refused = try #require(items.first { $0.expects == .refused })
        #expect(!cell.isSettled(refused, by: [.accepted]))
        cell.endsCasesOnceBroken = true
        #expect(cell.isSettled(refused, by: [.refused, .accepted]))
        #expect(!cell.isSettled(refused, by: [.refused, .dropped]))
        #expect(!cell.isSettled(refused, by: []))
        var welcome = refused
        for expected in [Battery.Expected.accepted, .answered] {
            welcome.expects = expected
            #expect(!cell.isSettled(welcome, by: [.accepted]))
        }
    }
}
