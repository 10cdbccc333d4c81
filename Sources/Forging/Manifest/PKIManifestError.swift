/// One mistake in a manifest, and its place.
package struct PKIManifestError: Error, Sendable, Hashable, CustomStringConvertible {
    package var file: String
    /// From 1; 0 when the mistake is about the file as a whole.
    package var line: Int
    /// From 1.
    package var column: Int
    package var message: String

    package init(file: String, line: Int, column: Int, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// As compilers print it.
    package var description: String {
        line > 0 ? "\(file):\(line):\(column): error: \(message)" : "\(file): error: \(message)"
    }
}
