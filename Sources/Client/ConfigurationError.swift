/// What is wrong with a configuration document, and where: `file:line:column: error: what was expected`.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var column: Int
    package var message: String

    package var description: String { "\(file):\(line):\(column): error: \(message)" }

    /// - Parameter offset: Of the byte at fault, counted from the start of the text.
    init(file: String, text: String, offset: Int, message: String) {
        let before = text.utf8.prefix(offset)
        line = 1 + before.count { $0 == 0x0A }
        column = 1 + before.reversed().prefix { $0 != 0x0A }.count
        self.file = file
        self.message = message
    }
}
