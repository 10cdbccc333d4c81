import Forging
import Foundation
import Probing
import Scenarios

/// The clients, users and resource servers that the bed has at the issuer under test, each made when it is first needed by the
/// commands of the issuer's operator.
actor IssuerDesk {
    /// A client as it is registered.
    struct Client: Sendable {
        var id: String
        /// Nil for a public client, and for one that signs assertions.
        var secret: String?
        var redirectURI: String?
        /// The one way to show its secret that it is registered for (RFC 7591 section 2); nil where any will do.
        var authentication: String?
        /// What it signs assertions with.
        var key: ForgedKey?
        /// What it asks for; nil where the bed does not know what it is registered for, and leaves the choice to the issuer.
        var scope: String? = IssuerDesk.scope
        var resource: String? = IssuerDesk.resource
        /// What it asks for all the same, where the issuer gives nothing without; whether it may ask for others nobody knows.
        var named: String?

        var proof: IssuerAsk.Proof { secret.map { .header(id, secret: $0) } ?? .name(id) }
    }

    /// The tokens of one grant.
    struct Tokens: Sendable {
        var access: String
        var refresh: String
    }

    /// The resources that tokens are asked for; nobody listens there.
    static let resource = "https://mcp.example/mcp"
    static let otherResource = "https://files.example/mcp"
    static let scope = "mcp:read"
    /// A scope that exists, and that the bed's clients of their own are not registered for.
    static let otherScope = "mcp:write"
    /// Another scope of clients that act for users, who are not asked for it.
    static let userScopes = ["mcp:read", "mcp:write"]
    /// The bed's one user.
    static let user = "alice"
    /// As confidential clients of users are registered, and public ones.
    static let siteRedirect = "https://app.example/callback"
    static let appRedirect = "http://127.0.0.1/callback"

    let wire: IssuerWire
    private let world: CellWorld
    /// The client that stands for the one the bed was given, if it was given one.
    private let baseline: String
    private var clients: [String: Client] = [:]
    private var login: Login?
    private var cookies = CookieJar()

    init(wire: IssuerWire, baseline: String) {
        self.wire = wire
        self.baseline = baseline
        world = wire.world
    }

    // MARK: Clients

    /// A confidential client that acts for itself, at two resources.
    func machine(_ name: String) async throws -> Client {
        try await client(name) {
            if name == self.baseline, let given = try self.given() { return given }
            return try await self.administer(
                "issue", ["client-id": [name], "scope": [Self.scope], "resource": [Self.resource, Self.otherResource]], id: name)
        }
    }

    /// A public client that acts for users on their own machines.
    func app(_ name: String = "desk") async throws -> Client {
        try await client(name) {
            var made = try await self.administer(
                "issue-public",
                [
                    "client-id": [name], "scope": Self.userScopes, "resource": [Self.resource, Self.otherResource],
                    "redirect-uri": [Self.appRedirect],
                ], id: name, hasSecret: false)
            made.redirectURI = Self.appRedirect
            return made
        }
    }

    /// A confidential client that acts for users on a server of its own.
    func site(_ name: String = "site") async throws -> Client {
        try await client(name) {
            var made = try await self.administer(
                "issue-confidential",
                ["client-id": [name], "scope": Self.userScopes, "resource": [Self.resource], "redirect-uri": [Self.siteRedirect]], id: name)
            made.redirectURI = Self.siteRedirect
            return made
        }
    }

    /// A client that acts for itself and signs assertions with a key of its own.
    func signer(_ name: String) async throws -> Client {
        try await client(name) {
            let key = try TokenForge.generateKey(algorithm: .es256, id: name)
            let file = "\(self.world.folder)/\(name).jwks"
            try Documents.write(Data(BedIssuer.keySet([key.publicJWK]).utf8), to: file)
            var made = try await self.administer(
                "issue-with-key", ["client-id": [name], "scope": [Self.scope], "resource": [Self.resource], "jwks": [file]], id: name,
                hasSecret: false)
            made.key = key
            return made
        }
    }

    /// A resource server that may ask what tokens are worth.
    ///
    /// - Parameter resource: The only one whose tokens are its concern; nil for any.
    func asker(_ resource: String? = nil) async throws -> Client {
        let name = resource == nil ? "asker" : "other-asker"
        return try await client(name) {
            try await self.administer("introspector", ["client-id": [name], "resource": resource.map { [$0] } ?? []], id: name)
        }
    }

    /// Gives a client another secret; the one before goes on until it is retired.
    func rotate(_ client: Client) async throws -> Client { try await administer("rotate", ["client-id": [client.id]], id: client.id) }

    func retireSecret(of client: Client) async throws { _ = try await hook("retire").run(placeholders(["client-id": [client.id]])) }

    /// Ends a client, as an operator does who no longer trusts it.
    func disable(_ client: Client) async throws { _ = try await hook("disable").run(placeholders(["client-id": [client.id]])) }

    func renewSigningKey() async throws { _ = try await hook("renew-signing-key").run(placeholders([:])) }

    private func client(_ name: String, _ make: () async throws -> Client) async throws -> Client {
        if let known = clients[name] { return known }
        let made = try await make()
        clients[name] = made
        return made
    }

    /// The client that the bed was given; nil where it has to make one.
    ///
    /// - Throws: `SubjectGap` where it can do neither, `BedError` for a file that holds something else.
    private func given() throws -> Client? {
        guard let file = world.issuer.credentials["*"] else {
            guard world.issuer.isAttached, world.issuer.hooks["issue"] == nil else { return nil }
            throw SubjectGap(what: "issue", why: "\(world.issuer.id) was not started by the bed, which was given no client of it")
        }
        let text = (try? String(contentsOfFile: file, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        let halves = text.split(separator: ":", maxSplits: 1)
        guard halves.count == 2, !text.contains("\n") else { throw BedError("\(file): expected CLIENT-ID:SECRET, in one line") }
        wire.remember(String(halves[1]))
        return Client(id: String(halves[0]), secret: String(halves[1]), scope: nil, resource: nil, named: world.issuer.resource)
    }

    private func administer(_ name: String, _ values: [String: [String]], id: String, hasSecret: Bool = true) async throws -> Client {
        let answer = try await hook(name).run(placeholders(values))
        guard !hasSecret || answer["client_secret"]?.text != nil else {
            throw BedError("the issuer's \(name) command answered without client_secret")
        }
        wire.remember(answer["client_secret"]?.text)
        var made = Client(id: answer["client_id"]?.text ?? id, secret: hasSecret ? answer["client_secret"]?.text : nil)
        made.authentication = answer["token_endpoint_auth_method"]?.text
        return made
    }

    private func placeholders(_ values: [String: [String]]) -> [String: [String]] { world.placeholders(values, role: .issuer) }

    private func hook(_ name: String) throws -> Hook { try world.issuerHook(name) }

    // MARK: Users

    /// Goes to the authorization endpoint as the bed's one user, who signs in once and consents each time.
    ///
    /// - Parameter anew: Whether in another browser, where nobody has signed in.
    func authorize(_ ask: AuthorizationAsk, anew: Bool = false) async throws -> WalkedPath {
        let endpoint = try await wire.endpoint("authorization_endpoint")
        let login = try await user()
        let person = HeadlessPerson(user: login.user, password: login.password, ca: world.pki.ca)
        var jar = anew ? CookieJar() : cookies
        let path = try await person.walk(endpoint + (endpoint.contains("?") ? "&" : "?") + ask.query, keeping: &jar)
        if !anew { cookies = jar }
        // Wherever it was sent, it is nobody's business.
        for step in path.steps {
            wire.note(step.headers)
            wire.remember(step.headers.value("Location").flatMap { WebForm.value("code", in: $0) })
        }
        return path
    }

    /// Somebody who tries a password once, in a browser where nobody has signed in.
    ///
    /// - Parameter user: Nil for the bed's one user.
    func signIn(_ ask: AuthorizationAsk, as user: String?, password: String) async throws -> WalkedPath {
        let endpoint = try await wire.endpoint("authorization_endpoint")
        let name = if let user { user } else { try await self.user().user }
        var person = HeadlessPerson(user: name, password: password, ca: world.pki.ca)
        person.takesRefusals = true
        var jar = CookieJar()
        let path = try await person.walk(endpoint + (endpoint.contains("?") ? "&" : "?") + ask.query, keeping: &jar)
        for step in path.steps { wire.note(step.headers) }
        return path
    }

    private func user() async throws -> Login {
        if let login { return login }
        let answer = try await hook("add-user").run(placeholders(["user": [Self.user]]))
        guard let password = answer["password"]?.text else { throw BedError("the issuer's command answered without password") }
        wire.remember(password)
        let made = Login(user: answer["user"]?.text ?? Self.user, password: password)
        login = made
        return made
    }

    /// A code, and what it is redeemed with.
    func code(for client: Client, scopes: [String] = ["mcp:read"]) async throws -> AuthorizationAsk.Code {
        var ask = AuthorizationAsk(client, scopes: scopes)
        ask.verifier = AuthorizationAsk.newVerifier()
        wire.remember(ask.verifier)
        let path = try await authorize(ask)
        guard case .answer(let location) = path.end, let code = WebForm.value("code", in: location) else {
            throw BedError("the issuer gave \(client.id) no code")
        }
        return AuthorizationAsk.Code(code: code, verifier: ask.verifier, client: client)
    }

    /// The tokens of a new grant.
    func tokens(for client: Client, scopes: [String] = ["mcp:read"]) async throws -> Tokens {
        try Self.tokens(await wire.send(IssuerDesk.redemption(of: try await code(for: client, scopes: scopes))), of: client)
    }

    func refreshed(_ token: String, by client: Client) async throws -> Tokens {
        try Self.tokens(await wire.send(Self.refreshment(of: token, by: client)), of: client)
    }

    private static func tokens(_ reply: IssuerReply, of client: Client) throws -> Tokens {
        guard let access = reply.token else {
            throw BedError("the issuer gave \(client.id) no token: \(reply.text("error") ?? reply.answer.outcome.face)")
        }
        guard let refresh = reply.text("refresh_token") else {
            throw SubjectGap(what: "refresh_token", why: "the issuer gives no refresh tokens to clients of users")
        }
        return Tokens(access: access, refresh: refresh)
    }

    // MARK: Requests

    static func tokenRequest(by client: Client) -> IssuerAsk {
        let wishes = [client.scope.map { ("scope", $0) }, (client.resource ?? client.named).map { ("resource", $0) }].compactMap { $0 }
        return IssuerAsk("token_endpoint", [("grant_type", "client_credentials")] + wishes, by: client.proof)
    }

    static func redemption(of code: AuthorizationAsk.Code) -> IssuerAsk {
        IssuerAsk(
            "token_endpoint",
            [
                ("grant_type", "authorization_code"), ("code", code.code), ("redirect_uri", code.client.redirectURI ?? ""),
                ("code_verifier", code.verifier), ("resource", resource),
            ], by: code.client.proof)
    }

    static func refreshment(of token: String, by client: Client) -> IssuerAsk {
        IssuerAsk(
            "token_endpoint", [("grant_type", "refresh_token"), ("refresh_token", token), ("resource", resource)], by: client.proof)
    }

    static func revocation(of token: String, hint: String = "access_token", by client: Client) -> IssuerAsk {
        IssuerAsk("revocation_endpoint", [("token", token), ("token_type_hint", hint)], by: client.proof)
    }

    static func introspection(of token: String, by client: Client) -> IssuerAsk {
        IssuerAsk("introspection_endpoint", [("token", token), ("token_type_hint", "access_token")], by: client.proof)
    }

    /// A token of a client's own.
    func token(of client: Client) async throws -> String {
        let reply = try await wire.send(Self.tokenRequest(by: client))
        guard let token = reply.token else {
            throw BedError("the issuer gave \(client.id) no token: \(reply.text("error") ?? reply.answer.outcome.face)")
        }
        return token
    }

    func isActive(_ token: String) async throws -> Bool {
        try await wire.send(Self.introspection(of: token, by: try await asker())).isActive
    }
}
