package import HTTPTypes

extension HTTPField.Name {
    /// Identifies the request in the answer and in the audit trail.
    package static let requestID = known("X-Request-Id")
    static let host = known("Host")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a token") }
        return name
    }
}
