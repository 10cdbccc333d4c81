/// A configuration that cannot be used, with the place in the document.
package struct ConfigurationProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package var line: Int
    package var column: Int
    package var message: String

    package init(line: Int, column: Int, _ message: String) {
        self.line = line
        self.column = column
        self.message = message
    }

    /// `LINE:COLUMN: error: …`, to be put behind the name of the file.
    package var description: String { "\(line):\(column): error: \(message)" }
}
