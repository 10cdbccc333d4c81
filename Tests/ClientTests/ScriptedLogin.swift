import Auth
import Client
import MCP
import Synchronization
import Testing

import enum OAuth.FormEncoding
import enum OAuth.ProofKey

/// An issuer that people log in at, a server that takes its tokens, and a person who says yes: answers by a script.
final class ScriptedLogin: Sendable {
    struct Script: Sendable {
        /// Put over the issuer's metadata; null takes a member away.
        var metadata: [String: JSONValue] = [:]
        /// Which of the two forms of metadata there is.
        var wellKnown = "/.well-known/oauth-authorization-server"
        /// Changes what the browser brings back.
        var brings: @Sendable (inout [(String, String)]) -> Void = { _ in }
        /// Answers of the token endpoint that come before its own.
        var tokenAnswers: [HTTPAnswer] = []
        /// Seconds.
        var lifetime = 3600
        /// Whether the refresh token before the current one is answered once more.
        var grace = false
        /// What the server wants for any tool, by its challenges.
        var needs: ScopeSet = []
        /// Whether the server takes no token at all.
        var refusesAll = false
        /// Whether its challenges leave out which scopes it wants.
        var isSilent = false
        /// What the issuer gives at most; nil: all that is asked for.
        var gives: ScopeSet?
        var givesRefreshTokens = true
        /// The type of its access tokens, and the scheme that the server takes them by.
        var tokenType = "Bearer"
        /// What the resource's metadata lists.
        var resourceScopes: [String] = []
        /// The answer to a registration; nil: as asked.
        var registration: HTTPAnswer?
    }

    private struct Code {
        let challenge: String
        let redirectURI: String
        let scope: String
    }

    private struct State {
        var script: Script
        var authorizations: [FormParameters] = []
        var tokenRequests: [FormParameters] = []
        var tokenFields: [HTTPFieldList] = []
        var registrations: [JSONValue] = []
        var revocations: [FormParameters] = []
        var serverCalls = 0
        var codes: [String: Code] = [:]
        var valid: [String: ScopeSet] = [:]
        var refresh: (token: String, scope: String)?
        var previous: String?
        var count = 0
    }

    let server: String
    let issuer: String
    private let state: Mutex<State>

    init(server: String = "https://127.0.0.1:4381/mcp", issuer: String = "https://127.0.0.1:4400", _ script: Script = Script()) {
        self.server = server
        self.issuer = issuer
        state = Mutex(State(script: script))
    }

    var authorizations: [FormParameters] { state.withLock { $0.authorizations } }
    var tokenRequests: [FormParameters] { state.withLock { $0.tokenRequests } }
    var tokenFields: [HTTPFieldList] { state.withLock { $0.tokenFields } }
    var registrations: [JSONValue] { state.withLock { $0.registrations } }
    var revocations: [FormParameters] { state.withLock { $0.revocations } }
    var serverCalls: Int { state.withLock { $0.serverCalls } }
    /// The refresh token that is good now.
    var refreshToken: String? { state.withLock { $0.refresh?.token } }

    func change(_ change: (inout Script) -> Void) { state.withLock { change(&$0.script) } }

    /// The server takes no token any more that was given so far.
    func revokeAccess() { state.withLock { $0.valid = [:] } }

    /// The issuer takes no refresh token any more that was given so far.
    func endGrant() { state.withLock { $0.refresh = nil } }

    /// As if a person had logged in before.
    func grant(scope: String = "mcp:read") -> (access: String, refresh: String) {
        state.withLock { state in
            _ = Self.issue(&state, scope: scope, refreshes: true)
            return ("access-\(state.count)", "refresh-\(state.count)")
        }
    }

    /// The person: opens the address, says yes, and is sent to the redirect URI.
    var invite: @Sendable (String) -> Void {
        { text in
            guard let address = text.split(separator: "\n").last.map(String.init), let target = self.redirect(to: address) else { return }
            Task {
                let connections = HTTPConnections(policy: .standard, files: TLSFiles(authority: nil), report: { _ in })
                _ = try? await connections.exchange(HTTPCall(.get, target), within: .seconds(10))
                await connections.close()
            }
        }
    }

    var exchange: HTTPExchange {
        { (call) async throws(ClientError) in self.answer(call) }
    }

    /// Where the authorization endpoint sends the browser.
    func redirect(to address: String) -> WebAddress? {
        state.withLock { state in
            guard let query = WebAddress(address)?.query, let request = FormParameters(parsing: query), let uri = request["redirect_uri"]
            else {
                return nil
            }
            state.authorizations.append(request)
            let code = "code-\(state.authorizations.count)"
            state.codes[code] = Code(challenge: request["code_challenge"] ?? "", redirectURI: uri, scope: request["scope"] ?? "")
            var parameters = [("code", code), ("state", request["state"] ?? ""), ("iss", issuer)]
            state.script.brings(&parameters)
            return WebAddress("\(uri)?\(FormEncoding.encode(parameters))")
        }
    }

    /// A client of the server, for the person.
    func client(
        clock: ClientClock, oauth change: (inout OAuthConfiguration) -> Void = { _ in },
        bend: (inout ClientParts) -> Void = { _ in }, exchange: HTTPExchange? = nil
    ) throws -> MCPClient {
        var configuration = ClientConfiguration(server: try #require(WebAddress(server)), scheme: .oauth)
        var oauth = OAuthConfiguration(issuer: nil, clientID: "desk")
        oauth.grant = .authorizationCode
        change(&oauth)
        configuration.oauth = oauth
        var parts = ClientParts.standard(report: { _ in })
        parts.clock = clock
        parts.loginPatience = .seconds(20)
        parts.invite = invite
        bend(&parts)
        return MCPClient(configuration, parts: parts, exchange: exchange ?? self.exchange)
    }

    /// Why a call fails; nil when it does not.
    static func failure(_ client: MCPClient, _ tool: String = "canary.read") async -> ClientError? {
        do throws(ClientError) {
            _ = try await client.call(tool, arguments: [:])
            return nil
        } catch {
            return error
        }
    }

    func answer(_ call: HTTPCall) -> HTTPAnswer {
        state.withLock { state in
            let address = call.address.text
            if address == server { return serve(call, &state) }
            if address == WebAddress(server)?.replacingPath(with: "/.well-known/oauth-protected-resource/mcp")?.text {
                return ScriptedPeer.json([
                    "resource": .string(server), "authorization_servers": [.string(issuer)],
                    "scopes_supported": .array(state.script.resourceScopes.map(JSONValue.string)),
                ])
            }
            switch address {
            case issuer + state.script.wellKnown: return ScriptedPeer.json(metadata(state.script))
            case issuer + "/token": return token(call, &state)
            case issuer + "/register":
                let asked = (try? JSONValue(parsing: call.body)) ?? .null
                state.registrations.append(asked)
                if let answer = state.script.registration { return answer }
                var members = asked.object ?? [:]
                members["client_id"] = .string("registered-\(state.registrations.count)")
                return ScriptedPeer.json(.object(members), status: 201)
            case issuer + "/revoke":
                if let form = Self.form(call) { state.revocations.append(form) }
                return HTTPAnswer(status: 200)
            default: return HTTPAnswer(status: 404)
            }
        }
    }

    private func metadata(_ script: Script) -> JSONValue {
        var members: [String: JSONValue] = [
            "issuer": .string(issuer), "authorization_endpoint": .string(issuer + "/authorize"),
            "token_endpoint": .string(issuer + "/token"), "revocation_endpoint": .string(issuer + "/revoke"),
            "code_challenge_methods_supported": ["S256"], "authorization_response_iss_parameter_supported": true,
        ]
        for (name, value) in script.metadata { members[name] = value.isNull ? nil : value }
        return .object(members)
    }

    private func serve(_ call: HTTPCall, _ state: inout State) -> HTTPAnswer {
        state.serverCalls += 1
        let credential = call.fields["Authorization"].map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        let token = credential?.first == state.script.tokenType ? credential?.last : nil
        let scope = state.script.needs.isEmpty || state.script.isSilent ? "" : #", scope="\#(state.script.needs)""#
        guard let token, let scopes = state.valid[token], !state.script.refusesAll else {
            return HTTPAnswer(status: 401, fields: ["WWW-Authenticate": #"Bearer error="invalid_token"\#(scope)"#])
        }
        guard scopes.isSuperset(of: state.script.needs) else {
            return HTTPAnswer(status: 403, fields: ["WWW-Authenticate": #"Bearer error="insufficient_scope"\#(scope)"#])
        }
        let id = (try? JSONValue(parsing: call.body))?["id"] ?? .null
        return ScriptedPeer.json(["jsonrpc": "2.0", "id": id, "result": ["resultType": "complete", "content": [], "isError": false]])
    }

    private func token(_ call: HTTPCall, _ state: inout State) -> HTTPAnswer {
        guard let form = Self.form(call) else { return HTTPAnswer(status: 400) }
        state.tokenRequests.append(form)
        state.tokenFields.append(call.fields)
        if !state.script.tokenAnswers.isEmpty { return state.script.tokenAnswers.removeFirst() }
        switch form["grant_type"] {
        case "authorization_code":
            guard let code = form["code"].flatMap({ state.codes.removeValue(forKey: $0) }), code.redirectURI == form["redirect_uri"],
                ProofKey.matches(verifier: Secret(form["code_verifier"] ?? ""), challenge: code.challenge)
            else { return Self.invalidGrant }
            return Self.issue(&state, scope: code.scope, refreshes: true)
        case "refresh_token":
            let isCurrent = form["refresh_token"] == state.refresh?.token
            let isGraced = state.script.grace && state.previous != nil && form["refresh_token"] == state.previous
            guard let scope = state.refresh?.scope, isCurrent || isGraced else {
                state.refresh = nil
                return Self.invalidGrant
            }
            state.previous = isCurrent ? state.refresh?.token : nil
            return Self.issue(&state, scope: scope, refreshes: true)
        default:
            return Self.issue(&state, scope: form["scope"] ?? "", refreshes: false)
        }
    }

    private static func issue(_ state: inout State, scope: String, refreshes: Bool) -> HTTPAnswer {
        state.count += 1
        let asked = ScopeSet(parsing: scope) ?? []
        let given = state.script.gives.map { asked.intersection($0) } ?? asked
        state.valid["access-\(state.count)"] = given
        var members: [String: JSONValue] = [
            "access_token": .string("access-\(state.count)"), "token_type": .string(state.script.tokenType),
            "expires_in": .integer(state.script.lifetime),
            "scope": .string(given.description),
        ]
        if refreshes, state.script.givesRefreshTokens {
            state.refresh = ("refresh-\(state.count)", scope)
            members["refresh_token"] = .string("refresh-\(state.count)")
        }
        return ScriptedPeer.json(.object(members))
    }

    private static func form(_ call: HTTPCall) -> FormParameters? { FormParameters(parsing: String(decoding: call.body, as: UTF8.self)) }

    private static let invalidGrant = ScriptedPeer.json(["error": "invalid_grant"], status: 400)
}
