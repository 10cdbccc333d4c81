package import MCP

/// A client of one server: calls its tools, with whatever the configuration says to prove who is calling.
package struct MCPClient: Sendable {
    private let conversation: any Conversation
    private let connections: [HTTPConnections]
    private let tokens: TokenClient?

    /// A client over real connections.
    package init(_ configuration: ClientConfiguration, parts: ClientParts) {
        let (exchange, connections) = HTTPConnections.lines(of: configuration, parts: parts)
        self.init(configuration, parts: parts, connections: connections, exchange: exchange)
    }

    /// A client whose calls something else carries.
    package init(
        _ configuration: ClientConfiguration, parts: ClientParts, connections: [HTTPConnections] = [], exchange: @escaping HTTPExchange
    ) {
        let exchange = parts.connection.guarding(exchange)
        let signer = configuration.oauth?.dpop == true ? DPoPSigner(clock: parts.clock) : nil
        let tokens = configuration.oauth.map { oauth in
            TokenClient(
                configuration: oauth,
                discovery: Discovery(
                    server: configuration.server, resource: oauth.resource ?? configuration.server.text, issuer: oauth.issuer,
                    methods: oauth.methods, grant: oauth.grant, parts: parts, exchange: exchange),
                cache: TokenCache(path: oauth.cache, policy: parts.cache, clock: parts.clock, report: parts.report), parts: parts,
                signer: signer, patience: configuration.patience, exchange: exchange)
        }
        self.tokens = tokens
        self.connections = connections
        let authorized = AuthorizedExchange(
            credentials: Self.credentials(configuration, parts: parts, tokens: tokens), parts: parts, stepUps: StepUps(clock: parts.clock),
            signer: signer, patience: min(configuration.patience, .seconds(10)), exchange: exchange)
        conversation =
            switch configuration.era {
            case .stateless: StatelessConversation(server: configuration.server, exchange: authorized)
            case .stateful: StatefulConversation(server: configuration.server, exchange: authorized)
            }
    }

    private static func credentials(_ configuration: ClientConfiguration, parts: ClientParts, tokens: TokenClient?) -> any CredentialSource
    {
        if let oauth = configuration.oauth, let tokens {
            return parts.tokenSource(
                TokenSourceNeeds(
                    lifetime: parts.lifetime, clock: parts.clock, knowsIssuer: oauth.issuer != nil, widens: oauth.scopes.isEmpty,
                    fetch: { (need) async throws(ClientError) in try await tokens.obtain(need) }))
        }
        return configuration.apiKey.map(APIKeyCredential.init) ?? NoCredential()
    }

    /// Calls a tool and gives the result of `tools/call` as the server wrote it.
    package func call(_ tool: String, arguments: [String: JSONValue]) async throws(ClientError) -> JSONValue {
        try await conversation.request("tools/call", ["name": .string(tool), "arguments": .object(arguments)])
    }

    /// All the tools that the server lists for this caller.
    package func tools() async throws(ClientError) -> [JSONValue] {
        var tools: [JSONValue] = []
        var cursor: JSONValue?
        // Bounded: a server that gives a cursor for ever would be listened to for ever.
        for _ in 0..<100 {
            let page = try await conversation.request("tools/list", cursor.map { ["cursor": $0] } ?? [:])
            tools += page["tools"]?.array ?? []
            cursor = page["nextCursor"].flatMap { $0.isNull ? nil : $0 }
            if cursor == nil { return tools }
        }
        throw .violation("the server's list of tools does not end", status: 200)
    }

    /// How many requests went to the token endpoint so far.
    package var tokenRequests: Int {
        get async { await tokens?.requests ?? 0 }
    }

    /// How often a person was asked to log in so far.
    package var authorizations: Int {
        get async { await tokens?.authorizations ?? 0 }
    }

    /// Ends the session, where there is one, and all connections.
    package func close() async {
        await conversation.close()
        for connections in connections { await connections.close() }
    }
}
