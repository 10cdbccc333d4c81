extension HTTPConnections {
    /// The connections that a configuration asks for, and the exchange over them. The client certificate is for the server, for an issuer
    /// where the configuration says so, and for nobody else.
    package static func lines(
        of configuration: ClientConfiguration, parts: ClientParts
    ) -> (exchange: HTTPExchange, connections: [HTTPConnections]) {
        let server = configuration.server
        let presents = configuration.scheme.usesCertificate
        let toServer = HTTPConnections(
            policy: parts.connection,
            files: TLSFiles(
                authority: configuration.authority, certificate: presents ? configuration.certificate : nil,
                key: presents ? configuration.key : nil),
            serverName: configuration.serverName.map { (host: server.host, name: $0) }, report: parts.report)
        let toIssuer = HTTPConnections(
            policy: parts.connection,
            files: TLSFiles(authority: configuration.authority, certificate: configuration.certificate, key: configuration.key),
            report: parts.report)
        let toOthers = HTTPConnections(policy: parts.connection, files: TLSFiles(authority: configuration.authority), report: parts.report)
        let patience = parts.connection.patience(configuration.patience)
        let exchange: HTTPExchange = { (call) async throws(ClientError) in
            let line = call.address.isSameOrigin(as: server) ? toServer : call.showsCertificate ? toIssuer : toOthers
            return try await line.exchange(call, within: patience)
        }
        return (exchange, [toServer, toIssuer, toOthers])
    }
}
