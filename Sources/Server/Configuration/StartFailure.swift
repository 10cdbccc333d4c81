/// What keeps a server from starting, though its configuration reads well: a file that is absent or not what it should be.
package struct StartFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
