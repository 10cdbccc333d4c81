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
    /// A second issuer of the bed's, where the server trusts two.
    let otherIssuer: BedIssuer?
    /// Set where the bed stands between the issuer under test and everybody else.
    let front: IssuerFront?
    /// Set where a battery presents chains after x509-limbo.
    let limbo: LimboPool?
    /// Set where the server asks about certificates.
    let responder: BedResponder?

    /// Whose data each principal may see, by the scenario.
    let tenants: [String: String]

    struct State {
        var serverURL = ""
        var plaintextURL: String?
        /// The endpoint for health checks on a listener of its own.
        var healthURL: String?
        /// Where the second server process listens, as `HOST:PORT`.
        var replica: String?
        /// The thumbprint of the server's certificate, where it was replaced.
        var serverCertificate: String?
        var issuerURL: String?
        var issuerPort: Int?
        var issuerMetadata: [String: String] = [:]
        /// Set where the names of those who may call stand in a file of their own.
        var allowList: AllowList?
        var commands = 0
        var forms = 0
        /// Ports that the bed chose, by configuration document.
        var ports: [String: Int] = [:]
    }
    let state = Mutex(State())

    init(
        folder: String, clock: SubjectClock, pki: CellPKI, programs: Programs, server: Subject, issuer: Subject, client: Subject,
        bedIssuer: BedIssuer?, otherIssuer: BedIssuer? = nil, front: IssuerFront?, limbo: LimboPool? = nil, responder: BedResponder? = nil,
        tenants: [String: String] = [:]
    ) {
        self.folder = folder
        self.clock = clock
        self.pki = pki
        self.programs = programs
        self.server = server
        self.issuer = issuer
        self.client = client
        self.bedIssuer = bedIssuer
        self.otherIssuer = otherIssuer
        self.front = front
        self.limbo = limbo
        self.responder = responder
        self.tenants = tenants
    }

    func tenant(of principal: String) -> String? { tenants[principal] }

    /// The issuer that vouches for a principal on the bench: each tenant has one, and the first principal's is the bed's first.
    func bedIssuer(for principal: String) -> BedIssuer? {
        guard let otherIssuer, let tenant = tenant(of: principal), let first = tenants.values.min() else { return bedIssuer }
        return tenant == first ? bedIssuer : otherIssuer
    }

    /// The MCP endpoint, which is also the resource identifier that tokens are for.
    var serverURL: String { state.withLock { $0.serverURL } }
    var plaintextURL: String? { state.withLock { $0.plaintextURL } }
    var healthURL: String? { state.withLock { $0.healthURL } }
    var allowList: AllowList? {
        get { state.withLock { $0.allowList } }
        set { state.withLock { $0.allowList = newValue } }
    }
    /// Where to connect to, instead of the server's own address, to reach the second process behind its name.
    var replica: String? { state.withLock { $0.replica } }
    var issuerURL: String? { state.withLock { $0.issuerURL } }
    /// Where the issuer listens itself, which is not where its URL says when something stands before it.
    var issuerPort: Int? { state.withLock { $0.issuerPort } }
    /// Administration commands run so far, the certificate authority's included.
    var commands: Int { state.withLock { $0.commands } }

    func countCommand() { state.withLock { $0.commands += 1 } }

    /// Forms that people filled in so far, to sign in and to consent.
    var forms: Int { state.withLock { $0.forms } }

    func countForms(_ count: Int) { state.withLock { $0.forms += count } }

    func serverIsReady(_ ready: [String: String]) throws {
        guard let url = ready["mcp"] ?? ready["url"].map({ $0 + "/mcp" }) else { throw BedError("the server's ready line names no url") }
        state.withLock {
            $0.serverURL = url
            $0.healthURL = ready["health"]
            // Who listens without TLS does so there.
            let other = ready["plaintext"].map { $0.hasSuffix("/mcp") ? $0 : $0 + "/mcp" }
            $0.plaintextURL = other ?? (url.hasPrefix("http://") ? url : nil)
        }
    }

    /// The thumbprint of the certificate that the server was last given; nil where it has the one it began with.
    var serverCertificate: String? { state.withLock { $0.serverCertificate } }

    func renewed(serverCertificate thumbprint: String) { state.withLock { $0.serverCertificate = thumbprint } }

    func replicaIsReady(_ ready: [String: String]) throws {
        guard let url = (ready["url"] ?? ready["mcp"]).flatMap({ URL(string: $0) }), let host = url.host(), let port = url.port else {
            throw BedError("the second server's ready line names no url with a port")
        }
        state.withLock { $0.replica = "\(host):\(port)" }
    }

    func issuerIsReady(_ ready: [String: String]) throws {
        guard let url = ready["issuer"] ?? ready["url"], let port = URL(string: ready["url"] ?? url)?.port else {
            throw BedError("the issuer's ready line names no url with a port")
        }
        state.withLock { ($0.issuerURL, $0.issuerPort) = (url, port) }
        front?.forward(to: port)
    }

    var serverConfiguration: String { "\(folder)/server.json" }
    var replicaConfiguration: String { "\(folder)/replica.json" }
    var issuerConfiguration: String { "\(folder)/issuer.json" }
    /// Where everything is kept that the subjects of a role print.
    func logPath(_ role: String) -> String { "\(folder)/\(role).log" }
    var auditPath: String { "\(folder)/server-audit.jsonl" }
    var issuerAuditPath: String { "\(folder)/issuer-audit.jsonl" }

    func serverHook(_ name: String) throws -> Hook { try hook(name, server) }
    func issuerHook(_ name: String) throws -> Hook { try hook(name, issuer) }

    /// - Throws: `SubjectGap` where the subject does not say how that is done.
    private func hook(_ name: String, _ subject: Subject) throws -> Hook {
        guard let template = subject.hooks[name] else { throw SubjectGap(what: name, why: "\(subject.id) has no hook '\(name)'") }
        countCommand()
        return Hook(template: template, programs: programs, environment: clock.environment)
    }

    func placeholders(_ values: [String: [String]], role: Subject.Role = .server) -> [String: [String]] {
        let folder = role == .issuer ? issuer.folder : server.folder
        return values.merging([
            "config": [role == .issuer ? issuerConfiguration : serverConfiguration], "subject": folder.map { [$0] } ?? [],
        ]) { old, _ in old }
    }

    /// The port that a subject is told to listen at, always the same for the same configuration document; nil where it chooses.
    func port(_ subject: Subject, configuration: String) throws -> Int? {
        guard subject.url?.contains("{port}") ?? false else { return nil }
        let fresh = Int(try Loopback.freePort())
        return state.withLock { state in
            let port = state.ports[configuration] ?? fresh
            state.ports[configuration] = port
            return port
        }
    }

    /// The command that starts a subject, with its configuration document in place.
    func command(_ subject: Subject, configuration: String) throws -> [String] {
        let port = try port(subject, configuration: configuration).map { ["\($0)"] } ?? []
        var command = Hook.fill(
            subject.start, ["config": [configuration], "subject": subject.folder.map { [$0] } ?? [], "port": port])
        command[0] = try programs.path(of: command[0])
        return command
    }
}
