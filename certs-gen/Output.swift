import Foundation

/// Prints one JSON object on one line.
enum Output {
    static func print(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        // What was printed before comes before.
        fflush(nil)
        FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
    }

    /// A cell of a table, with a blank behind it even where it is too long.
    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    static var now: Double { Date().timeIntervalSince1970 }
}
