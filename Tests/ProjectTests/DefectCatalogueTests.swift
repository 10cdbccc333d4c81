import Defects
import Foundation
import Scenarios
import Testing

@Suite("Defects and their catalogue agree")
struct DefectCatalogueTests {
    @Test("Every defect in code has a kill set, and every kill set a defect")
    func complete() throws {
        let catalogue = try Catalogue.load(from: ImportTableTests.root.path)
        #expect(Set(catalogue.defects.map(\.id)) == Set(Defects.Defect.all.map(\.id)))
        #expect(Defects.Defect.all.count == catalogue.defects.count)
    }

    @Test("No path of a machine stands in the project's own files")
    func noMachine() throws {
        let files = try #require(FileManager.default.enumerator(at: ImportTableTests.root, includingPropertiesForKeys: nil))
        for case let file as URL in files {
            if [".build", ".git", "results"].contains(file.lastPathComponent) { files.skipDescendants() }
            guard ["swift", "yaml", "md", "sh", "py"].contains(file.pathExtension), file.lastPathComponent != "DefectCatalogueTests.swift"
            else { continue }
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(!text.contains("/work/"), "\(file.path)")
        }
    }
}
