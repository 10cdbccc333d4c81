/// A rule of the catalogue that the checks began as. A check or several decide it, as their `covers` say; or it says what became of it.
package struct CatalogueRule: Sendable, Hashable {
    package var id: String
    package var role: Subject.Role
    /// Why no check decides it, and what there is in its place; nil where one does.
    package var instead: String?
    /// The line in its file.
    package var line: Int

    package init(id: String, role: Subject.Role, instead: String?, line: Int) {
        self.id = id
        self.role = role
        self.instead = instead
        self.line = line
    }
}
