package import Auth
import OAuth

/// What the `Authorization` field says (RFC 6750 section 2.1, RFC 9449 section 7.1): there, and nowhere else, a key or token is
/// looked for.
package enum BearerField: Sendable {
    case absent
    case token(Secret<String>)
    /// A token of the scheme `DPoP`: it goes with a proof of possession.
    case proven(Secret<String>)
    /// Not readable as one credential: 400, whoever it is (RFC 6750 section 3.1, `invalid_request`).
    case unreadable(Refusal)

    /// - Parameter values: The value of every `Authorization` field of the request.
    package init(_ values: [String]) {
        guard values.count <= 1 else {
            self = .unreadable(Refusal(.ambiguous, "more than one Authorization field"))
            return
        }
        guard let value = values.first else {
            self = .absent
            return
        }
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        // A credential of another scheme is none that this server could judge.
        guard let scheme = parts.first?.lowercased(), ["bearer", "dpop"].contains(scheme) else {
            self = .absent
            return
        }
        let token = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
        guard BearerToken.isValid(token) else {
            self = .unreadable(Refusal(.malformed, "not one bearer token"))
            return
        }
        self = scheme == "dpop" ? .proven(Secret(String(token))) : .token(Secret(String(token)))
    }
}
