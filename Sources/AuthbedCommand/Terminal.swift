import Foundation
import Synchronization
import SystemPackage

/// Where the program speaks to people: results on standard output, everything else on standard error.
enum Terminal {
    static func say(_ text: String) { write(text, to: .standardOutput) }

    /// For scripts: with sorted members, so that two answers can be compared line by line.
    /// - Throws: What keeps it from being written as JSON.
    static func say(json value: some Encodable, snakeCase: Bool = false) throws {
        let encoder = JSONEncoder()
        if snakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        say(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// A document that has its own last line break.
    static func write(_ text: String) { write(text.hasSuffix("\n") ? String(text.dropLast()) : text, to: .standardOutput) }

    static func complain(_ text: String) { write(text, to: .standardError) }

    /// Whether standard output shows colours: a terminal that has them, and nobody who asked for none (no-color.org).
    static var hasColour: Bool {
        let environment = ProcessInfo.processInfo.environment
        return isatty(1) == 1 && environment["TERM"] != "dumb" && (environment["NO_COLOR"] ?? "").isEmpty
    }

    static var width: Int {
        var size = winsize()
        if ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 40 { return Int(size.ws_col) }
        return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 160
    }

    /// Why not everything that was said has arrived; nil where it has.
    static var loss: String? { lost.withLock { $0 } }

    private static let lost = Mutex<String?>(nil)

    private static func write(_ text: String, to file: FileDescriptor) {
        do {
            try file.writeAll(Array((text + "\n").utf8))
        } catch Errno.brokenPipe {
            // A reader that has gone away, as `head` does, is no fault of ours.
        } catch {
            if file == .standardOutput { lost.withLock { $0 = $0 ?? "\(error)" } }
        }
    }
}
