import Foundation
import Probing
import Scenarios

extension Stage {
    /// The client under test with a credential, pointed at a server, however its contract has it.
    ///
    /// - Parameter patience: Seconds that it is told to wait for an answer; nil for its own.
    func clientDriver(_ credential: Credential, url: String, patience: Int? = nil) async throws -> any ClientDriver {
        switch cell.client.contract {
        case .session:
            return SessionClient(
                process: try await processes.start(
                    cell.client, configuration: try clientDocument(for: credential, server: url, patience: patience)))
        case .command: return try commandClient(credential, url: url, patience: patience)
        case .conformance: throw BedError("\(cell.client.id) is for the scenarios of the official contract")
        }
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
            "body-file": [base + ".body"], "subject": cell.client.folder.map { [$0] } ?? [],
        ]
        if let identity = credential.identity { (values["certificate"], values["key"]) = ([identity.certificate], [identity.key]) }
        var command = Hook.fill(cell.client.start, values)
        command[0] = try world.programs.path(of: command[0])
        let log = world.logPath("client")
        if !FileManager.default.fileExists(atPath: log) { try Documents.write(Data(), to: log) }
        return CommandClient(command: command, environment: world.clock.environment, log: log)
    }
}
