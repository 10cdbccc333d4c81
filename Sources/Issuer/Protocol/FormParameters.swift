import Auth
import OAuth

/// The parameters of a request in `application/x-www-form-urlencoded` (RFC 6749 appendix B).
package struct FormParameters: Sendable, Hashable {
    private var values: [String: [String]] = [:]

    /// A parameter that may be sent more than once (RFC 8707 section 2); every other one must not (RFC 6749 section 3.2).
    package static let repeatable: Set<String> = ["resource"]

    /// - Parameter contentType: The values of all `Content-Type` fields of the request.
    /// - Throws: `OAuthError` with `invalid_request` for another media type, broken encoding, or a parameter sent twice.
    package init(contentType: [String], body: some Sequence<UInt8>) throws(OAuthError) {
        guard contentType.count == 1, Self.isForm(contentType[0]) else {
            throw .invalidRequest("parameters are sent as application/x-www-form-urlencoded")
        }
        guard let pairs = FormEncoding.pairs(body) else { throw .invalidRequest("a parameter is not percent-encoded UTF-8") }
        for (name, value) in pairs {
            guard values[name] == nil || Self.repeatable.contains(name) else {
                throw .invalidRequest("a parameter is sent more than once", because: .ambiguous)
            }
            values[name, default: []].append(value)
        }
    }

    /// The parameter's value; nil when it is absent or empty, which is the same (RFC 6749 section 3.2).
    package subscript(name: String) -> String? {
        values[name]?.first { !$0.isEmpty }
    }

    /// Every value of a repeatable parameter, without empty ones.
    package func all(_ name: String) -> [String] {
        (values[name] ?? []).filter { !$0.isEmpty }
    }

    private static func isForm(_ contentType: String) -> Bool {
        let parts = contentType.split(separator: ";", omittingEmptySubsequences: false).map { part in
            part.filter { $0 != " " && $0 != "\t" }.lowercased()
        }
        // The type has no parameters; one that says UTF-8 is common and harmless.
        return parts.first == "application/x-www-form-urlencoded"
            && parts.dropFirst().allSatisfy { ["charset=utf-8", #"charset="utf-8""#, ""].contains($0) }
    }
}
