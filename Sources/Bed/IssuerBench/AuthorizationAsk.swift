import Forging

/// An authorization request with PKCE (RFC 6749 section 4.1.1, RFC 7636 section 4.3), before a browser is sent with it.
struct AuthorizationAsk: Sendable {
    /// What came of it, with all that it takes to redeem it.
    struct Code: Sendable {
        var code: String
        var verifier: String
        var client: IssuerDesk.Client
    }

    /// With characters that an issuer has to carry through two encodings.
    static let state = "kept to the byte: +/=&%~\u{FC}"

    var parameters: [(String, String)]
    var verifier: String {
        didSet { set("code_challenge", Self.challenge(of: verifier)) }
    }

    /// RFC 7636 section 4.2, by the method S256.
    static func challenge(of verifier: String) -> String { ProofForge.hash(of: verifier) }

    static func newVerifier() -> String { TokenForge.randomIdentifier() + TokenForge.randomIdentifier() }

    init(_ client: IssuerDesk.Client, scopes: [String] = [IssuerDesk.scope]) {
        verifier = Self.newVerifier()
        parameters = [
            ("response_type", "code"), ("client_id", client.id), ("redirect_uri", client.redirectURI ?? ""),
            ("scope", scopes.joined(separator: " ")), ("state", Self.state), ("resource", IssuerDesk.resource),
            ("code_challenge", Self.challenge(of: verifier)), ("code_challenge_method", "S256"),
        ]
    }

    /// Another value for a parameter; nil leaves it out.
    mutating func set(_ name: String, _ value: String?) {
        let at = parameters.firstIndex { $0.0 == name } ?? parameters.endIndex
        parameters.removeAll { $0.0 == name }
        if let value { parameters.insert((name, value), at: min(at, parameters.endIndex)) }
    }

    var query: String { WebForm.encode(parameters) }
}
