package import Auth

/// Why a call did not succeed. The four kinds ask four different things of whoever reads them: other credentials, another
/// network, another certificate, another peer.
package enum ClientError: Error, Sendable, Equatable {
    /// The peer understood and said no.
    case refused(ClientRefusal)
    /// Nobody answered, or the connection broke: trying later may help.
    case transport(String)
    /// The peer's certificate was not accepted, ours was not, or the two have no protocol in common.
    case tls(String)
    /// The peer answered something that its specification, or this client's caution, does not allow.
    case violation(String, status: Int?)
    /// This program could not read one of its own files.
    case local(String)

    /// The word for it in the answers of `mcp-client session`.
    package var kind: String {
        switch self {
        case .refused: "refused"
        case .transport: "transport"
        case .tls: "tls"
        case .violation, .local: "protocol"
        }
    }

    /// The HTTP status that came with it, if one did.
    package var status: Int? {
        switch self {
        case .refused(let refusal): refusal.status
        case .violation(_, let status): status
        case .transport, .tls, .local: nil
        }
    }
}

extension ClientError: CustomStringConvertible {
    /// A sentence for a person. It never holds a credential: only what was public in an answer, and names of files.
    package var description: String {
        switch self {
        case .refused(let refusal): refusal.description
        case .transport(let what): what
        case .tls(let what): what
        case .violation(let what, _): what
        case .local(let what): what
        }
    }
}

/// A refusal as the peer put it: HTTP status, and `error` and `scope` of its challenge or of its token error document.
package struct ClientRefusal: Sendable, Equatable {
    package enum Party: String, Sendable {
        case server
        case issuer
    }

    package var by: Party
    /// Nil where the refusal came through a browser.
    package var status: Int?
    /// Such as `invalid_token`, `insufficient_scope` (RFC 6750 section 3.1), `invalid_client` (RFC 6749 section 5.2) or `access_denied`
    /// (RFC 6749 section 4.1.2.1).
    package var error: String?
    /// The scopes that the peer asked for in its challenge.
    package var scopes: ScopeSet
    /// How long the peer asked us to wait (RFC 9110 section 10.2.3).
    package var retryAfter: Duration?

    package init(by: Party, status: Int?, error: String? = nil, scopes: ScopeSet = [], retryAfter: Duration? = nil) {
        self.by = by
        self.status = status
        self.error = error
        self.scopes = scopes
        self.retryAfter = retryAfter
    }
}

extension ClientRefusal: CustomStringConvertible {
    package var description: String {
        var text = "the \(by == .server ? "server" : "token issuer") refused"
        let facts = [status.map(String.init), error].compactMap { $0 }
        if !facts.isEmpty { text += " (\(facts.joined(separator: " ")))" }
        if !scopes.isEmpty { text += "; it asks for the scope \(scopes)" }
        if let retryAfter { text += "; try again in \(retryAfter.components.seconds) s" }
        return text + hint
    }

    private var hint: String {
        switch (by, status, error) {
        case (.issuer, _, "invalid_client"): ": is the client id known there, and its secret the current one?"
        case (.issuer, _, "invalid_scope"): ": this client may not have all the scopes it asks for"
        case (.issuer, _, "invalid_target"): ": this client may not have tokens for that resource"
        case (.issuer, _, "invalid_grant"): ": what the client may have tokens for has ended, or was never given"
        case (.issuer, _, "access_denied"): ": whoever logged in said no, or may not say yes"
        case (.issuer, _, "invalid_redirect_uri"): ": it does not take the redirect URI of this client"
        case (.server, 401, nil): ": a credential is missing or is not accepted"
        case (.server, 403, "insufficient_scope"): ": the credential is good, and does not cover this tool"
        default: ""
        }
    }
}
