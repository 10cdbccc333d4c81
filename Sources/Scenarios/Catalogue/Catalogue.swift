import Foundation

/// Everything the project's files say: what is tried, in which schemes, by which rules, with which defects, on which subjects.
package struct Catalogue: Sendable {
    package var scenarios: [Scenario] = []
    package var schemes: [Scheme] = []
    package var requirements: [Requirement] = []
    /// What the checks began as; empty in a project that keeps no such list.
    package var rules: [CatalogueRule] = []
    package var table: TableDefinition?
    package var defects: [Defect] = []
    package var subjects: [Subject] = []
    /// What counts for a kind of server, by revision of MCP.
    package var profiles: [Profile] = []
    /// Worth telling, though nothing is wrong.
    package var warnings: [SourceError] = []

    package init() {}

    /// Loads a project's folder and lints it.
    ///
    /// - Throws: every error of every file; nothing is returned of a project that has one.
    package static func load(from root: String) throws(SourceErrors) -> Catalogue {
        let (catalogue, errors) = open(root)
        guard errors.isEmpty else { throw SourceErrors(errors) }
        return catalogue
    }

    /// Loads what can be loaded, and says what is wrong with the rest.
    package static func open(_ root: String) -> (catalogue: Catalogue, errors: [SourceError]) {
        var folder = ProjectFolder(root: root)
        var catalogue = Catalogue()
        for file in folder.yamlFiles(below: "scenarios") {
            let id = String(file.dropFirst("scenarios/".count).dropLast(".yaml".count))
            catalogue.scenarios.appendIfRead(
                folder.read(file) { text throws(SourceErrors) in
                    try ScenarioFile.read(text, id: id, file: file)
                })
        }
        for file in folder.yamlFiles(below: "schemes") {
            let id = String(file.dropFirst("schemes/".count).dropLast(".yaml".count))
            catalogue.schemes.appendIfRead(
                folder.read(file) { text throws(SourceErrors) in
                    try SchemeFile.read(text, id: id, file: file)
                })
        }
        let table = "requirements/table.yaml"
        for file in folder.yamlFiles(below: "requirements") where file != table && file != CatalogueRulesFile.name {
            catalogue.requirements += folder.read(file) { text throws(SourceErrors) in try RequirementsFile.read(text, file: file) } ?? []
        }
        if folder.exists(CatalogueRulesFile.name) {
            catalogue.rules =
                folder.read(CatalogueRulesFile.name) { text throws(SourceErrors) in try CatalogueRulesFile.read(text) } ?? []
        }
        catalogue.table = folder.read(table) { text throws(SourceErrors) in try TableFile.read(text, file: table) }
        for file in folder.yamlFiles(below: "defects") {
            catalogue.defects += folder.read(file) { text throws(SourceErrors) in try DefectsFile.read(text, file: file) } ?? []
        }
        for file in folder.yamlFiles(below: "subjects") where file.hasSuffix("/subject.yaml") {
            let id = String(file.dropFirst("subjects/".count).dropLast("/subject.yaml".count))
            catalogue.subjects.appendIfRead(
                folder.read(file) { text throws(SourceErrors) in
                    try SubjectFile.read(text, id: id, file: file, folder: "\(root)/subjects/\(id)")
                })
        }
        for file in folder.yamlFiles(below: "subjects") where file.hasSuffix("/baseline.yaml") {
            let id = String(file.dropFirst("subjects/".count).dropLast("/baseline.yaml".count))
            let known = folder.read(file) { text throws(SourceErrors) in try BaselineFile.read(text, file: file) } ?? []
            guard let index = catalogue.subjects.firstIndex(where: { $0.id == id }) else { continue }
            catalogue.subjects[index].known = known
        }
        for file in folder.yamlFiles(below: "profiles", optional: true) {
            let id = String(file.dropFirst("profiles/".count).dropLast(".yaml".count))
            catalogue.profiles.appendIfRead(
                folder.read(file) { text throws(SourceErrors) in try ProfileFile.read(text, id: id, file: file) })
        }
        // Names cannot be checked against files that could not be read.
        let linter = Linter(catalogue: catalogue, texts: folder.texts)
        let found = linter.problems(crossFile: folder.errors.isEmpty)
        catalogue.warnings = found.filter { $0.severity == .warning }.sorted()
        return (catalogue, (folder.errors + found.filter { $0.severity == .error }).sorted())
    }

    /// What checks need beyond what their scenarios show, by their ids; those that need nothing are left out.
    package var needs: [String: [Capability]] {
        requirements.reduce(into: [:]) { if !$1.needs.isEmpty { $0[$1.id] = $1.needs } }
    }

    package func scenario(_ id: String) -> Scenario? { scenarios.first { $0.id == id } }
    package func scheme(_ id: String) -> Scheme? { schemes.first { $0.id == id } }
    package func requirement(_ id: String) -> Requirement? { requirements.first { $0.id == id } }
    package func defect(_ id: String) -> Defect? { defects.first { $0.id == id } }
    package func profile(_ id: String) -> Profile? { profiles.first { $0.id == id } }
    package func subject(_ id: String) -> Subject? { subjects.first { $0.id == id } }
}

extension Array {
    fileprivate mutating func appendIfRead(_ element: Element?) {
        if let element { append(element) }
    }
}
