/// One mistake in a file, with the place where it was made and what was expected there.
package struct SourceError: Error, Sendable, Hashable, Comparable, CustomStringConvertible {
    package enum Severity: String, Sendable, Hashable {
        case error
        /// Worth telling, and no reason to stop: a file of more than about 60 lines.
        case warning
    }

    package var file: String
    /// From 1; 0 when the mistake is about the file as a whole, such as one that cannot be read.
    package var line: Int
    /// From 1, counted in Unicode scalars.
    package var column: Int
    package var severity: Severity
    package var message: String

    package init(file: String, line: Int, column: Int, severity: Severity = .error, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.severity = severity
        self.message = message
    }

    /// As compilers print it, so that editors can jump there: `scenarios/x.yaml:3:5: error: …`.
    package var description: String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        return "\(place): \(severity.rawValue): \(message)"
    }

    package static func < (a: SourceError, b: SourceError) -> Bool {
        (a.file, a.line, a.column, a.message) < (b.file, b.line, b.column, b.message)
    }
}

/// All mistakes found, in the order of files and lines.
package struct SourceErrors: Error, Sendable, CustomStringConvertible {
    package var errors: [SourceError]

    package init(_ errors: [SourceError]) { self.errors = errors.sorted() }

    package var description: String { errors.map(\.description).joined(separator: "\n") }
}
