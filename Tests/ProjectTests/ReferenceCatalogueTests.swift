import Foundation
import Scenarios
import Testing

@Suite("The catalogue that the checks began as is kept whole")
struct ReferenceCatalogueTests {
    private static let reference = ImportTableTests.root.deletingLastPathComponent().appending(path: "shared/reference/checks.json")

    private struct Reference: Decodable {
        struct Rule: Decodable {
            var id: String
            var role: String
        }
        var checks: [Rule]
    }

    @Test("Each of its rules is in requirements/catalogue.yaml, under its role, and no other", .enabled(if: hasReference))
    func complete() throws {
        let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: Self.reference)).checks
        let rules = try Catalogue.load(from: ImportTableTests.root.path).rules
        #expect(reference.count == 220)
        #expect(Set(rules.map { "\($0.role.rawValue) \($0.id)" }) == Set(reference.map { "\($0.role) \($0.id)" }))
    }

    private static var hasReference: Bool { FileManager.default.fileExists(atPath: reference.path) }
}
