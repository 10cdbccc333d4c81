/// A `WWW-Authenticate` challenge (RFC 9110 section 11.6.1).
package struct Challenge: Sendable, Hashable {
    package var scheme: String
    /// In the order of writing.
    package private(set) var parameters: [Parameter] = []

    package struct Parameter: Sendable, Hashable {
        package var name: String
        package var value: String
    }

    package init(_ scheme: String) {
        self.scheme = scheme
    }

    /// The error codes of RFC 6750 section 3.1.
    package enum BearerError: String, Sendable, Hashable {
        case invalidRequest = "invalid_request"
        case invalidToken = "invalid_token"
        case insufficientScope = "insufficient_scope"
    }

    /// RFC 6750 section 3, with the metadata document of RFC 9728 section 5.1.
    /// - Parameter error: Nil when the request had no credential: then nothing says what went wrong (RFC 6750 section 3.1).
    package static func bearer(
        error: BearerError? = nil, description: String? = nil, scope: String? = nil, resourceMetadata: String? = nil
    ) -> Challenge {
        var challenge = Challenge("Bearer")
        challenge.add("resource_metadata", resourceMetadata)
        challenge.add("error", error?.rawValue)
        challenge.add("error_description", description.map(plain))
        challenge.add("scope", scope)
        return challenge
    }

    /// Adds a parameter, or nothing for nil.
    package mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        parameters.append(Parameter(name: name, value: value))
    }

    /// The field value. Every parameter is a quoted string, in which a backslash stands before quotes and backslashes
    /// (RFC 9110 section 5.6.4); characters that no field value may have become spaces, so that none can begin a new line.
    package var fieldValue: String {
        guard !parameters.isEmpty else { return scheme }
        return scheme + " " + parameters.map { "\($0.name)=\"\(Self.quoted($0.value))\"" }.joined(separator: ", ")
    }

    private static func quoted(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\t", " "..."~": result.unicodeScalars.append(scalar)
            default: result += " "
            }
        }
        return result
    }

    /// RFC 6750 section 3 allows neither quotes nor backslashes in a description, escaped or not.
    private static func plain(_ description: String) -> String {
        description.replacing("\"", with: "'").replacing("\\", with: "/")
    }
}
