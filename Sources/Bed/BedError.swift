/// The bed's own fault, or a subject that could not be worked with. It makes a cell `error`, never `fail`.
package struct BedError: Error, Sendable, CustomStringConvertible {
    package var message: String
    /// What the process at fault printed last.
    package var lastLines: [String]

    package init(_ message: String, lastLines: [String] = []) {
        self.message = message
        self.lastLines = lastLines
    }

    package var description: String { message }
}
