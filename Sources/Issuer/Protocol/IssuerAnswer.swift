import Foundation
package import HTTPTypes

/// An answer of the endpoints: JSON, or nothing.
package struct IssuerAnswer: Sendable, Hashable {
    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var body: [UInt8]

    package init(status: HTTPResponse.Status, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// - Parameter cacheControl: The `Cache-Control` field; nil: none.
    package static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, cacheControl: String?
    ) throws -> IssuerAnswer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var headers: HTTPFields = [.contentType: "application/json"]
        if let cacheControl { headers[.cacheControl] = cacheControl }
        return IssuerAnswer(status: status, headers: headers, body: Array(try encoder.encode(value)))
    }

    /// The error answer of RFC 6749 section 5.2. HTTP wants a challenge with every 401 (RFC 9110 section 15.5.2).
    ///
    /// - Parameter challenge: What `WWW-Authenticate` says in it.
    package static func error(_ error: OAuthError, cacheControl: String?, challenge: String?) throws -> IssuerAnswer {
        var answer = try json(
            ["error": error.code.rawValue, "error_description": error.summary],
            status: HTTPResponse.Status(code: error.status), cacheControl: cacheControl)
        if let seconds = error.retryAfter { answer.headers[.retryAfter] = "\(seconds)" }
        if error.status == 401 { answer.headers[.wwwAuthenticate] = challenge }
        return answer
    }
}
