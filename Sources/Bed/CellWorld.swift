import Foundation
import Probing
import Scenarios
import Synchronization
import Trace

/// The processes, files and endpoints around one cell.
final class CellWorld: Sendable {
    let folder: String
    let clock: SubjectClock
    let pki: CellPKI
    let programs: Programs
    let server: Subject
    let issuer: Subject
    let client: Subject
    /// Set where the bed plays the issuer.
    let bedIssuer: BedIssuer?

    private struct State {
        var serverURL = ""
        var plaintextURL: String?
        var issuerURL: String?
        var issuerMetadata: [String: String] = [:]
        var commands = 0
    }
    private let state = Mutex(State())

    init(
        folder: String, clock: SubjectClock, pki: CellPKI, programs: Programs, server: Subject, issuer: Subject, client: Subject,
        bedIssuer: BedIssuer?
    ) {
        self.folder = folder
        self.clock = clock
        self.pki = pki
        self.programs = programs
        self.server = server
        self.issuer = issuer
        self.client = client
        self.bedIssuer = bedIssuer
    }

    /// The MCP endpoint, which is also the resource identifier that tokens are for.
    var serverURL: String { state.withLock { $0.serverURL } }
    var plaintextURL: String? { state.withLock { $0.plaintextURL } }
    var issuerURL: String? { state.withLock { $0.issuerURL } }
    /// Administration commands run so far, the certificate authority's included.
    var commands: Int { state.withLock { $0.commands } }

    func countCommand() { state.withLock { $0.commands += 1 } }

    func serverIsReady(_ ready: [String: String]) throws {
        guard let url = ready["mcp"] ?? ready["url"].map({ $0 + "/mcp" }) else { throw BedError("the server's ready line names no url") }
        state.withLock {
            $0.serverURL = url
            $0.plaintextURL = ready["plaintext"].map { $0.hasSuffix("/mcp") ? $0 : $0 + "/mcp" }
        }
    }

    func issuerIsReady(_ ready: [String: String]) throws {
        guard let url = ready["issuer"] ?? ready["url"] else { throw BedError("the issuer's ready line names no url") }
        state.withLock { $0.issuerURL = url }
    }

    var serverConfiguration: String { "\(folder)/server.json" }
    var issuerConfiguration: String { "\(folder)/issuer.json" }
    var auditPath: String { "\(folder)/server-audit.jsonl" }

    func serverHook(_ name: String) throws -> Hook { try hook(name, server) }
    func issuerHook(_ name: String) throws -> Hook { try hook(name, issuer) }

    private func hook(_ name: String, _ subject: Subject) throws -> Hook {
        guard let template = subject.hooks[name] else { throw BedError("\(subject.id) has no \(name) command") }
        countCommand()
        return Hook(template: template, programs: programs, environment: clock.environment)
    }

    func placeholders(_ values: [String: [String]], role: Subject.Role = .server) -> [String: [String]] {
        values.merging(["config": [role == .issuer ? issuerConfiguration : serverConfiguration]]) { old, _ in old }
    }

    /// The command that starts a subject, with its configuration document in place.
    func command(_ subject: Subject, configuration: String) throws -> [String] {
        var command = Hook.fill(subject.start, ["config": [configuration]])
        command[0] = try programs.path(of: command[0])
        return command
    }

    /// Posts a form to an endpoint that the issuer's metadata (RFC 8414) names, authenticated as a client.
    ///
    /// - Parameter credential: Whose key and certificate the token becomes bound to; nil where none is asked for.
    func askIssuer(path endpoint: String, body: String, clientID: String, secret: String, by credential: Credential? = nil)
        async throws -> [String: Any]
    {
        guard let issuerURL else { throw BedError("no issuer is running") }
        let probe = Probe(ca: pki.ca, identity: credential?.possession == nil ? credential?.identity : nil)
        if state.withLock({ $0.issuerMetadata.isEmpty }) {
            let answer = await probe.send(
                ProbeRequest(method: "GET", url: issuerURL + "/.well-known/oauth-authorization-server", headers: [], body: []),
                over: .newConnection)
            guard case .response(200, _, let body) = answer.outcome,
                let members = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
            else { throw BedError("the issuer's metadata could not be read") }
            state.withLock { $0.issuerMetadata = members.compactMapValues { $0 as? String } }
        }
        guard let url = state.withLock({ $0.issuerMetadata[endpoint] }) else {
            throw BedError("the issuer's metadata names no \(endpoint)")
        }
        let basic = Data("\(Form.escape(clientID)):\(Form.escape(secret))".utf8).base64EncodedString()
        var headers = [
            ProbeHeader(name: "Content-Type", value: "application/x-www-form-urlencoded"),
            ProbeHeader(name: "Authorization", value: "Basic \(basic)"),
        ]
        if let key = credential?.possession {
            headers.append(ProbeHeader(name: "DPoP", value: try key.proof(method: "POST", url: url, token: nil, now: clock.now)))
        }
        let answer = await probe.send(
            ProbeRequest(method: "POST", url: url, headers: headers, body: Array(body.utf8)), over: .newConnection)
        switch answer.outcome {
        case .response(let status, _, let body):
            let members = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
            if status != 200, members["error"] == nil { throw BedError("the issuer answered HTTP \(status) at its \(endpoint)") }
            return members
        case .refusedInTransport(let refusal): throw BedError("the issuer refused the connection: \(refusal.face)")
        case .dropped(let why): throw BedError("the issuer did not answer: \(why)")
        }
    }
}
