import Foundation

/// Prints one JSON object on one line.
enum Output {
    static func print(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
    }

    /// Whole seconds since 1970, rounded up: at that second the time has certainly come.
    static func epoch(_ date: Date?) -> Int? {
        date.map { Int($0.timeIntervalSince1970.rounded(.up)) }
    }
}
