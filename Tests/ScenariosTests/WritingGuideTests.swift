import Foundation
import Scenarios
import Testing

@Suite struct WritingGuideTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// What stands between fences in scenarios/README.md.
    private static func examples() throws -> [String] {
        let text = try String(contentsOf: root.appending(path: "scenarios/README.md"), encoding: .utf8)
        return text.components(separatedBy: "```yaml\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
    }

    @Test func itsExamplesAreScenarios() throws {
        let examples = try Self.examples()
        #expect(examples.count == 2)
        for (index, text) in examples.enumerated() {
            let scenario = try ScenarioFile.read(text, id: "guide/example-\(index + 1)", file: "README.md")
            #expect(!scenario.decisions.isEmpty)
        }
    }

    @Test func itsExamplesNameChecksSchemesAndDefectsThatThereAre() throws {
        let catalogue = try Catalogue.load(from: Self.root.path)
        let checks = Set(catalogue.requirements.map(\.id))
        for text in try Self.examples() {
            let scenario = try ScenarioFile.read(text, id: "guide/example", file: "README.md")
            for decision in scenario.decisions {
                #expect(checks.contains(decision.id), "\(decision.id)")
                for defect in decision.bites { #expect(catalogue.defect(defect) != nil, "\(defect)") }
            }
            for scheme in scenario.schemes { #expect(catalogue.scheme(scheme) != nil, "\(scheme)") }
        }
    }

    @Test func itSaysEveryVerb() throws {
        let text = try String(contentsOf: Self.root.appending(path: "scenarios/README.md"), encoding: .utf8)
        for verb in Verb.words { #expect(text.contains("`\(verb)`"), "\(verb)") }
    }
}
