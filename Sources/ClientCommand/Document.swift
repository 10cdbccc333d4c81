import Client
import Foundation

/// A configuration document, by the name that the arguments give it.
enum Document {
    /// The text of a file, or of the first line of standard input for `-`.
    static func read(_ name: String) throws -> (text: String, file: String) {
        if name == "-" {
            guard let line = StandardStreams.readLine() else { throw Misuse(message: "standard input ended before the configuration") }
            return (line, "<stdin>")
        }
        guard let data = FileManager.default.contents(atPath: name), let text = String(validating: data, as: UTF8.self) else {
            throw Misuse(message: "\(name): cannot be read as text")
        }
        return (text, name)
    }
}
