import Foundation
package import Judge

/// `results.json`: the results as one document for scripts, its members in snake case.
package enum ResultsFile {
    package static func text(_ results: Results) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(results), as: UTF8.self) + "\n"
    }

    /// - Throws: `ResultsFileError` for another schema, or what is no results document.
    package static func read(_ text: String) throws(ResultsFileError) -> Results {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let head = try? decoder.decode(Head.self, from: Data(text.utf8)) else {
            throw ResultsFileError(message: "not a results document")
        }
        guard head.schema == Results.currentSchema else {
            throw ResultsFileError(message: "the results have schema \(head.schema); this authbed reads schema \(Results.currentSchema)")
        }
        do {
            return try decoder.decode(Results.self, from: Data(text.utf8))
        } catch {
            throw ResultsFileError(message: "not a results document: \(error)")
        }
    }

    private struct Head: Decodable { var schema: Int }
}

/// Why a results document cannot be read.
package struct ResultsFileError: Error, Sendable, CustomStringConvertible {
    package var message: String

    package init(message: String) { self.message = message }

    package var description: String { message }
}
