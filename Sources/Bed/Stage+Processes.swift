import Foundation
import Scenarios

/// What becomes of the subjects' processes in the middle of a cell.
extension Stage {
    /// Stops a subject and starts it again with the configuration it had, on the port it had: its URL is its name.
    func restart(_ role: String) async throws {
        if role == "responder" {
            guard let responder = world.responder else { throw BedError("there is no responder to restart") }
            return try responder.restart()
        }
        let isIssuer = role == Subject.Role.issuer.rawValue
        guard isIssuer || role == Subject.Role.server.rawValue else { throw BedError("a \(role) is started anew for each credential") }
        let configuration = isIssuer ? world.issuerConfiguration : world.serverConfiguration
        guard let port = isIssuer ? world.issuerPort : URL(string: world.serverURL)?.port else {
            throw BedError("there is no \(role) to restart")
        }
        await processes.stop(role: role, holding: port)
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        try Documents.write(Data(text.replacingOccurrences(of: #""port":0"#, with: #""port":\#(port)"#).utf8), to: configuration)
        let process = try await processes.start(isIssuer ? cell.issuer : cell.server, configuration: configuration)
        if isIssuer { try world.issuerIsReady(process.ready) } else { try world.serverIsReady(process.ready) }
    }

    /// Starts the server again where it has ended by itself: what comes after is about something else.
    ///
    /// - Parameter isSilent: Whether a call got no answer, so that it may be about to end.
    func reviveServer(isSilent: Bool) async throws { try await revive(.server, isSilent: isSilent) }

    /// The same for the subject of a role.
    func revive(_ role: Subject.Role, isSilent: Bool) async throws {
        let role = role.rawValue
        for _ in 0..<(isSilent ? 60 : 0) where !processes.hasEnded(role: role) { try await Task.sleep(for: .milliseconds(5)) }
        guard processes.hasEnded(role: role) else { return }
        try await restart(role)
    }

    /// Has the subjects read their files again: those that take a signal are told, the others look by themselves.
    func reload() {
        for subject in [cell.server, cell.issuer] {
            guard let signal = subject.reload else { continue }
            processes.signal(role: subject.role.rawValue, signal.number)
        }
    }

    /// What the bed counts, by name; nothing where it plays neither issuer nor responder.
    var counts: [String: Int] {
        var counts: [String: Int] = [:]
        if let script = world.bedIssuer?.script { for name in Battery.issuerCounts { counts[name] = script.counted(name) } }
        if let responder = world.responder { counts["ocsp-questions"] = responder.questions }
        return counts
    }
}
