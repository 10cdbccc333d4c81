import Foundation
import Probing
import Scenarios

extension Stage {
    /// The client under test with a credential, pointed at a server, however its contract has it.
    ///
    /// - Parameters:
    ///   - patience: Seconds that it is told to wait for an answer; nil for its own.
    ///   - keepsTokens: Whether it is told of a file for its tokens.
    func clientDriver(
        _ credential: Credential, url: String, patience: Int? = nil, keepsTokens: Bool = false
    ) async throws -> any ClientDriver {
        switch cell.client.contract {
        case .session:
            return SessionClient(
                process: try await processes.start(
                    cell.client,
                    configuration: try clientDocument(for: credential, server: url, patience: patience, keepsTokens: keepsTokens),
                    environment: clientEnvironment))
        case .command: return try commandClient(credential, url: url, patience: patience)
        case .conformance: return try conformanceClient(credential, url: url)
        }
    }

    /// By the official suite's contract, with the names that it has for what a scheme asks of a client. There, secrets go by the
    /// environment; and as it knows no TLS, whom to trust is said in the variables that libraries look at.
    private func conformanceClient(_ credential: Credential, url: String) throws -> CommandClient {
        let scenario = cell.scheme.isUsers ? "auth/pre-registration" : "auth/client-credentials-basic"
        let context = ["name": scenario, "client_id": credential.clientID ?? "", "client_secret": credential.clientSecret ?? ""]
        let environment = [
            "MCP_CONFORMANCE_SCENARIO": scenario,
            "MCP_CONFORMANCE_CONTEXT": String(decoding: try JSONEncoder().encode(context), as: UTF8.self),
            "MCP_CONFORMANCE_PROTOCOL_VERSION": cell.scenario.era ?? cell.era, "SSL_CERT_FILE": world.pki.ca,
            "NODE_EXTRA_CA_CERTS": world.pki.ca, "REQUESTS_CA_BUNDLE": world.pki.ca,
        ]
        var command = Hook.fill(cell.client.start, ["subject": cell.client.folder.map { [$0] } ?? []]) + [url]
        command[0] = try world.programs.path(of: command[0])
        return CommandClient(
            command: command, environment: clientEnvironment.merging(environment) { $1 }, log: try clientLog())
    }

    /// A home of its own, where the bed looks for what clients keep.
    var clientHome: String { "\(world.folder)/home" }

    private var clientEnvironment: [String: String] { world.clock.environment.merging(["HOME": clientHome]) { $1 } }

    private func clientLog() throws -> String {
        let log = world.logPath("client")
        if !FileManager.default.fileExists(atPath: log) { try Documents.write(Data(), to: log) }
        return log
    }

    /// Secrets go by files that only their owner can read, never by arguments.
    private func commandClient(_ credential: Credential, url: String, patience: Int?) throws -> CommandClient {
        let configuration = try clientDocument(for: credential, server: url, patience: patience)
        let base = String(configuration.dropLast(".json".count))
        let wire = Wire(era: cell.scenario.era ?? cell.era)
        let request = wire.call("canary.read", url: url, authorization: credential.authorization.map { [$0] } ?? [], session: nil)
        let lines = request.headers.map { "\($0.name): \($0.value)\n" }.joined()
        try Documents.write(Data(lines.utf8), to: base + ".headers")
        try Documents.write(Data(request.body), to: base + ".body")
        var values = [
            "url": [url], "ca": [world.pki.ca], "config": [configuration], "header-file": [base + ".headers"],
            "body-file": [base + ".body"], "timeout": ["\(patience ?? 5)"], "subject": cell.client.folder.map { [$0] } ?? [],
        ]
        if let identity = credential.identity { (values["certificate"], values["key"]) = ([identity.certificate], [identity.key]) }
        var command = Hook.fill(cell.client.start, values)
        command[0] = try world.programs.path(of: command[0])
        return CommandClient(command: command, environment: clientEnvironment, log: try clientLog())
    }
}
