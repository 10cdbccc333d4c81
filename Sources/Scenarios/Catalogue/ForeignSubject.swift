import Foundation

/// A subject whose folder is not among the project's, held against the project's schemes and checks all the same.
extension Catalogue {
    /// - Parameter file: Its `subject.yaml`; a `baseline.yaml` beside it is read, too.
    /// - Returns: Nil where there is no such file.
    /// - Throws: every mistake of either, with its place.
    package func foreignSubject(_ file: String) throws(SourceErrors) -> Subject? {
        guard let text = Self.text(file) else { return nil }
        let place = URL(fileURLWithPath: file).deletingLastPathComponent()
        var subject = try SubjectFile.read(text, id: place.lastPathComponent, file: file, folder: place.path)
        let places = CataloguePlaces(catalogue: self, page: { Page(file: $0, text: "") })
        var problems = places.problems(of: subject, Page(file: file, text: text))
        let baseline = place.path + "/baseline.yaml"
        if let text = Self.text(baseline) {
            subject.known = try BaselineFile.read(text, file: baseline)
            problems += places.problems(ofBaselineOf: subject, Page(file: baseline, text: text))
        }
        guard problems.isEmpty else { throw SourceErrors(problems) }
        return subject
    }

    private static func text(_ file: String) -> String? {
        FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) }
    }
}
