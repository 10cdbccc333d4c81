/// What a scenario has the issuer under test told, where that is not what every issuer on the bench is told.
package struct IssuerSettings: Sendable, Codable, Hashable {
    /// Whether documents of clients may be fetched from this machine, where the bed's are; true where nothing is said.
    package var privateDocuments: Bool

    package init(privateDocuments: Bool = true) {
        self.privateDocuments = privateDocuments
    }
}
