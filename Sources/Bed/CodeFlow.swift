import Forging
import Foundation
import Probing

/// The authorization code grant with PKCE (RFC 6749 section 4.1, RFC 7636) of a public client, walked by the bed itself as any
/// client would, so that no client under test is needed to get a token.
struct CodeFlow: Sendable {
    /// An authorization code, and what it is redeemed with.
    struct Code: Sendable, Hashable {
        var code: String
        var verifier: String
    }

    /// What a token request brought.
    struct Tokens: Sendable {
        var access: String
        var refresh: String?
        /// Seconds, as the issuer says.
        var lifetime: Double
    }

    /// As it is registered. Any port of it will do for a client that listens (RFC 8252 section 7.3); the bed only reads the
    /// redirect and listens nowhere.
    static let redirectURI = "http://127.0.0.1/callback"

    let world: CellWorld
    let clientID: String

    /// Signs in, consents, and checks the answer (RFC 6749 section 10.12, RFC 9207 section 2.4).
    func authorize(_ login: Login, scopes: [String]) async throws -> Code {
        guard let issuer = world.issuerURL else { throw BedError("no issuer is running") }
        let verifier = TokenForge.randomIdentifier() + TokenForge.randomIdentifier()
        // With characters that an issuer has to carry through two encodings.
        let state = TokenForge.randomIdentifier() + " +/=&%"
        let query = WebForm.encode([
            ("response_type", "code"), ("client_id", clientID), ("redirect_uri", Self.redirectURI),
            ("scope", scopes.joined(separator: " ")), ("state", state), ("resource", world.serverURL),
            ("code_challenge", ProofForge.hash(of: verifier)), ("code_challenge_method", "S256"),
        ])
        let endpoint = try await world.issuerEndpoint("authorization_endpoint")
        let person = HeadlessPerson(user: login.user, password: login.password, ca: world.pki.ca)
        let (answer, forms) = try await person.answer(to: endpoint + (endpoint.contains("?") ? "&" : "?") + query)
        world.countForms(forms)
        if let error = WebForm.value("error", in: answer) {
            throw BedError(
                "the issuer refused to authorize \(login.user): \(error) \(WebForm.value("error_description", in: answer) ?? "")")
        }
        guard WebForm.value("state", in: answer) == state else {
            throw BedError("the issuer's answer does not carry the state that was sent")
        }
        guard WebForm.value("iss", in: answer) == issuer else {
            throw BedError("the issuer's answer does not name \(issuer) as its issuer")
        }
        guard let code = WebForm.value("code", in: answer) else { throw BedError("the issuer's answer has no code") }
        return Code(code: code, verifier: verifier)
    }

    /// The parameters of the token request for a code.
    func redemption(of code: Code) -> [(String, String)] {
        [
            ("grant_type", "authorization_code"), ("code", code.code), ("redirect_uri", Self.redirectURI), ("code_verifier", code.verifier),
            ("resource", world.serverURL),
        ]
    }

    /// The parameters of the token request for a refresh token.
    func refreshment(with token: String) -> [(String, String)] {
        [("grant_type", "refresh_token"), ("refresh_token", token), ("resource", world.serverURL)]
    }

    /// - Throws: `BedError` when the issuer gives no token.
    func tokens(_ parameters: [(String, String)]) async throws -> Tokens {
        let answer = try await world.askIssuer(
            path: "token_endpoint", body: WebForm.encode(parameters), clientID: clientID, secret: nil)
        guard let access = answer["access_token"] as? String else {
            throw BedError("the issuer gave \(clientID) no token: \(answer["error"] as? String ?? "no error code")")
        }
        return Tokens(access: access, refresh: answer["refresh_token"] as? String, lifetime: answer["expires_in"] as? Double ?? 3600)
    }

    /// Gives a token back (RFC 7009).
    func revoke(_ token: String, hint: String) async throws {
        _ = try await world.askIssuer(
            path: "revocation_endpoint", body: WebForm.encode([("token", token), ("token_type_hint", hint)]), clientID: clientID,
            secret: nil)
    }
}
