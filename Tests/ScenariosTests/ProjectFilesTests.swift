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
}
