import Foundation
import Scenarios
import Testing

@Suite struct ProjectFilesTests {
    @Test func `the project's own scenarios, schemes, requirements, defects and subjects agree`() {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let (catalogue, errors) = Catalogue.open(root.path)
        #expect(errors.map(\.description) == [])
        #expect(catalogue.warnings.map(\.description) == [])
        #expect(!catalogue.scenarios.isEmpty)
    }

    @Test func `every row of the table says what it counts or times`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let rows = try #require(try Catalogue.load(from: root.path).table).rows
        #expect(rows.filter { $0.about == nil }.map(\.id) == [])
        #expect(rows.count > 30)
    }

    /// A word without a case would never be played, and nobody would know whether it can be.
    @Test func `every way to ask an issuer is tried by some scenario`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let acts = Set(
            try Catalogue.load(from: root.path).scenarios.flatMap { $0.battery?.cases ?? [] }.flatMap(\.bends).compactMap {
                if case .issuing(let act) = $0 { act } else { nil }
            })
        for place in IssuerAct.Place.allCases {
            #expect(Set(place.words).count == place.words.count)
            for word in place.words where word != "right" { #expect(acts.contains(IssuerAct(place: place, how: word)), "\(place) \(word)") }
        }
    }
}
