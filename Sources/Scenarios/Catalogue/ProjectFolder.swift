import Foundation

/// The files of a project, read as text, and what was wrong with them.
package struct ProjectFolder {
    let root: String
    private(set) var texts: [String: String] = [:]
    private(set) var errors: [SourceError] = []

    init(root: String) { self.root = root }

    /// Paths from the root, sorted; a folder that is missing is an error.
    ///
    /// - Parameter optional: Whether it may be missing.
    mutating func yamlFiles(below folder: String, optional: Bool = false) -> [String] {
        if optional, !exists(folder) { return [] }
        guard exists(folder) else {
            fail(folder, "no such folder")
            return []
        }
        let names = Self.names(below: "\(root)/\(folder)")
        for name in names where name.hasSuffix(".yml") { fail("\(folder)/\(name)", "expected a name ending in .yaml") }
        return names.filter { $0.hasSuffix(".yaml") }.map { "\(folder)/\($0)" }.sorted()
    }

    /// Everything in a folder and in those in it, by its path from there. What was installed for a subject lies in hidden folders, and is
    /// not ours to read.
    package static func names(below path: String) -> [String] {
        guard let all = FileManager.default.enumerator(atPath: path) else { return [] }
        var names: [String] = []
        for case let name as String in all {
            if name.split(separator: "/").last?.hasPrefix(".") ?? false { all.skipDescendants() } else { names.append(name) }
        }
        return names
    }

    /// Nil after noting the errors.
    mutating func read<Value>(_ file: String, _ parse: (String) throws(SourceErrors) -> Value) -> Value? {
        guard let data = FileManager.default.contents(atPath: "\(root)/\(file)") else {
            fail(file, exists(file) ? "cannot be read" : "no such file")
            return nil
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            fail(file, "not UTF-8 text")
            return nil
        }
        texts[file] = text
        do {
            return try parse(text)
        } catch {
            errors += error.errors
            return nil
        }
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(root)/\(path)") }

    private mutating func fail(_ file: String, _ message: String) {
        let error = SourceError(file: file, line: 0, column: 0, message: message)
        // A folder is asked for more than once.
        if !errors.contains(where: { $0.description == error.description }) { errors.append(error) }
    }
}
