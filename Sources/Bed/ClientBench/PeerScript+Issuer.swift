import Forging
import Foundation
import Probing
import Scenarios
import Synchronization

/// The bed as a token issuer around a client under test: client credentials, and a user who has always just signed in.
extension PeerScript {
    func issuer(_ request: PeerRequest, _: PeerVisit) -> PeerReply {
        let (origins, how) = (origins, how(.metadata))
        let atTheRoot = !Self.withPath.contains(how ?? "")
        switch request.path {
        case "/.well-known/oauth-authorization-server" where how != "openid-only" && atTheRoot,
            "/.well-known/openid-configuration" where atTheRoot,
            "/.well-known/oauth-authorization-server/tenant" where how == "issuer-with-path",
            "/.well-known/openid-configuration/tenant" where how == "openid-before-the-path",
            "/tenant/.well-known/openid-configuration" where how == "openid-behind-the-path":
            return .json(200, issuerMetadata(origins.issuer, name: issuerName(origins, how)))
        case "/authorize": return authorize(request)
        case "/token": return token(request)
        default: return .status(404)
        }
    }

    /// Where the issuer's identifier has a path.
    static let withPath = ["issuer-with-path", "openid-before-the-path", "openid-behind-the-path"]

    private func issuerName(_ origins: Origins, _ how: String?) -> String {
        switch how {
        case "issuer-by-address": origins.issuer.replacingOccurrences(of: Surroundings.host, with: "127.0.0.1")
        case "issuer-slash": origins.issuer + "/"
        case "issuer-capitals": origins.issuer.replacingOccurrences(of: Surroundings.host, with: Surroundings.host.uppercased())
        case let how? where Self.withPath.contains(how): origins.issuer + "/tenant"
        default: origins.issuer
        }
    }

    /// RFC 8414 section 2.
    ///
    /// - Parameter name: What it says that it is.
    func issuerMetadata(_ origin: String, name: String) -> String {
        let token = how(.metadata) == "plain-token-endpoint" ? origins.plain : origin
        let pkce = how(.login) == "no-pkce" ? "" : #","code_challenge_methods_supported":["S256"]"#
        let isUnannounced = how(.login)?.hasPrefix("unannounced") ?? false
        let naming = isUnannounced ? "" : #","authorization_response_iss_parameter_supported":true"#
        return
            #"{"issuer":"\#(name)","authorization_endpoint":"\#(loginPage(origin))","token_endpoint":"\#(token)/token","response_types_supported":["code"],"grant_types_supported":["client_credentials","authorization_code"],"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","none"]\#(naming)\#(pkce)}"#
    }

    private func loginPage(_ origin: String) -> String {
        switch how(.metadata) {
        case "script-login-page": "javascript:alert(document.domain)"
        case "file-login-page": "file:///etc/passwd"
        case "data-login-page": "data:text/html,<h1>Sign%20in</h1>"
        case "plain-login-page": origins.plain + "/authorize"
        default: origin + "/authorize"
        }
    }

    // MARK: Codes

    private func authorize(_ request: PeerRequest) -> PeerReply {
        let url = origins.issuer + request.target
        guard let redirectURI = WebForm.value("redirect_uri", in: url), let state = WebForm.value("state", in: url) else {
            return .json(400, #"{"error":"invalid_request"}"#)
        }
        let challenge = WebForm.value("code_challenge", in: url) ?? ""
        let isStrong = WebForm.value("code_challenge_method", in: url) == "S256" && challenge.utf8.count == 43
        let code = TokenForge.randomIdentifier() + TokenForge.randomIdentifier()
        self.state.withLock { known in
            // RFC 7636 section 4.1 and RFC 9700 section 4.7.1: new ones for every request.
            let isNew = known.used.insert(challenge).inserted && known.used.insert(state).inserted
            if !isStrong || !isNew { known.counts["weak-authorizations", default: 0] += 1 }
            known.codes[code] = (challenge, redirectURI)
            known.noteScopes(WebForm.value("scope", in: url))
        }
        var answer = [("code", code), ("state", state), ("iss", origins.issuer)]
        switch how(.login) {
        case "other-state": answer[1].1 = TokenForge.randomIdentifier()
        case "no-state": answer.remove(at: 1)
        case "other-issuer", "unannounced-other-issuer": answer[2].1 = origins.elsewhere
        case "issuer-slash": answer[2].1 += "/"
        case "issuer-capitals":
            answer[2].1 = origins.issuer.replacingOccurrences(of: Surroundings.host, with: Surroundings.host.uppercased())
        case "no-issuer", "unannounced-no-issuer": answer.remove(at: 2)
        default: break
        }
        return .status(302, [ProbeHeader(name: "Location", value: redirectURI + "?" + WebForm.encode(answer))])
    }

    // MARK: Tokens

    private func token(_ request: PeerRequest) -> PeerReply {
        let form = WebForm.decode(String(decoding: request.body, as: UTF8.self))
        func value(_ name: String) -> String? { form.first { $0.0 == name }?.1 }
        if !isRightTokenRequest(request, form) { count("odd-token-requests") }
        let asked = value("scope").map { Set($0.split(separator: " ").map(String.init)) } ?? []
        if !asked.subtracting([Self.scope]).isEmpty { count("needless-scopes") }
        switch how(.tokenEndpoint) {
        case "redirect-307": return .status(307, [ProbeHeader(name: "Location", value: origins.elsewhere + "/token")])
        case "status-500": return .status(500)
        case "hangs": return .silence
        case "asks-to-wait": if let reply = waiting(429) { return reply }
        case "is-away": if let reply = waiting(503) { return reply }
        default: break
        }
        if let code = value("code") {
            guard let known = state.withLock({ $0.codes[code] }), known.redirectURI == value("redirect_uri"),
                ProofForge.hash(of: value("code_verifier") ?? "") == known.challenge
            else {
                count("weak-authorizations")
                return .json(400, #"{"error":"invalid_grant"}"#)
            }
        } else {
            let proof = Self.basic(request) ?? (value("client_id") ?? "", value("client_secret") ?? "")
            guard proof.id == credential.clientID, proof.secret == credential.clientSecret else {
                return .json(401, #"{"error":"invalid_client"}"#)
            }
        }
        return .json(
            200, #"{"access_token":"\#(newToken())"\#(type)\#(lifetime)}"#, [ProbeHeader(name: "Cache-Control", value: "no-store")])
    }

    /// RFC 6749 sections 2.3.1 and 3.2, RFC 8707 section 2: a form that is posted, proof in one place, and for this server alone.
    private func isRightTokenRequest(_ request: PeerRequest, _ form: [(String, String)]) -> Bool {
        let isForm = request.headers.value("Content-Type")?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
        let isProvenOnce = (Self.basic(request) == nil) != !form.contains { $0.0 == "client_secret" } || credential.clientSecret == nil
        return request.method == "POST" && isForm && isProvenOnce && request.target == request.path
            && form.filter { $0.0 == "resource" }.map(\.1) == [origins.resource]
    }

    private var type: String {
        switch how(.tokenEndpoint) {
        case "type-mac": #","token_type":"mac""#
        case "type-dpop": #","token_type":"DPoP""#
        case "type-absent": ""
        default: #","token_type":"Bearer""#
        }
    }

    private var lifetime: String {
        switch how(.tokenEndpoint) {
        case "no-lifetime": ""
        case "lifetime-null": #","expires_in":null"#
        case "lifetime-zero": #","expires_in":0"#
        case "lifetime-negative": #","expires_in":-1"#
        case "lifetime-text": #","expires_in":"120""#
        case "lifetime-short": #","expires_in":30"#
        case "lifetime-huge": #","expires_in":1000000000000"#
        default: #","expires_in":3600"#
        }
    }
}
