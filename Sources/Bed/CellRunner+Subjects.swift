import Forging
import Foundation
import Probing
import Scenarios

/// The subjects' documents, and their starts.
extension CellRunner {
    /// The bed's own issuer, and a second one where the battery tries tokens across both.
    func bedIssuers(_ clock: SubjectClock) async throws -> (BedIssuer, BedIssuer?) {
        let battery = cell.scenario.battery
        let isRSA = battery?.algorithm == "RS256"
        let own = try await BedIssuer.start(
            clock: clock, algorithms: [isRSA ? .rs256 : .es256],
            names: [cell.server.isAttached ? "bed-\(UInt32.random(in: 0...UInt32.max))" : "bed-1"],
            port: cell.server.isAttached ? cell.server.issuerPort ?? 0 : 0)
        guard battery?.cases.contains(where: \.needsTwoIssuers) ?? false || cell.scenario.server?.tenants != nil else { return (own, nil) }
        return (own, try await BedIssuer.start(clock: clock, algorithms: [.es256, .es256], names: ["bed-1", "other-1"]))
    }

    func startIssuer(_ processes: Processes, _ world: CellWorld) async throws {
        if cell.issuer.isAttached { return try world.issuerIsReady(["issuer": cell.issuer.url ?? ""]) }
        let certificate = pki.named("issuer")
        let bound = cell.scheme.binding == "certificate"
        let onBench = cell.scenario.world == .issuerBench
        let document = IssuerDocument(
            issuer: world.front?.url, tls: .init(certificate: certificate.certificate, key: certificate.key),
            store: "\(folder)/issuer.sqlite", resources: onBench ? [IssuerDesk.resource, IssuerDesk.otherResource] : nil,
            clientCA: bound ? pki.clientCA : nil, intermediates: bound ? pki.intermediates : nil,
            dynamicRegistration: onBench ? true : nil, clientIDMetadata: onBench ? true : nil, clientIDMetadataCA: onBench ? pki.ca : nil,
            clientIDMetadataPrivate: onBench ? cell.scenario.issuer?.privateDocuments ?? true : nil, audit: world.issuerAuditPath,
            passwordCost: signsInOften ? 10 : nil)
        try Documents.write(document, to: world.issuerConfiguration)
        try world.issuerIsReady(try await processes.start(cell.issuer, configuration: world.issuerConfiguration).ready)
    }

    /// Whether users sign in, and neither the work that it takes the issuer is looked at nor what somebody has to set up for it.
    private var signsInOften: Bool {
        guard cell.scenario.world == .issuerBench || cell.scheme.isUsers else { return false }
        let countsSettings = cell.scenario.measures.contains {
            if case .fact(let name) = $0.form { name.hasPrefix("effort.") } else { false }
        }
        let looksAtWork = cell.played.battery?.cases.contains { $0.atMost["uneven-refusals"] != nil } ?? false
        return !countsSettings && !looksAtWork
    }

    func startServer(_ processes: Processes, _ world: CellWorld) async throws {
        var issuers: [ServerDocument.Issuer] = []
        if let bedIssuer = world.bedIssuer {
            let tenants: [String?] = Set(world.tenants.values).sorted()
            issuers = try zip([bedIssuer, world.otherIssuer].compactMap { $0 }, tenants + [nil, nil]).map { issuer, tenant in
                var party = try Self.relyingParty(
                    issuer.url, id: "mcp-server", secret: "none-needed-by-the-bed", folder: folder, ca: nil)
                party.tenant = tenant
                return party
            }
        } else if let url = world.issuerURL, !cell.scheme.asksTheIssuer {
            issuers = [.init(issuer: url, ca: pki.ca)]
        } else if let url = world.issuerURL {
            let answer = try await world.issuerHook("introspector").run(
                world.placeholders(["client-id": ["mcp-server"]], role: .issuer))
            issuers = [
                try Self.relyingParty(url, id: "mcp-server", secret: answer["client_secret"]?.text ?? "", folder: folder, ca: pki.ca)
            ]
        }
        if cell.server.isAttached {
            return try world.serverIsReady(["mcp": cell.server.url ?? ""])
        }
        let certificate = pki.named("server")
        var document = try serverDocument(world, certificate, issuers)
        try Documents.write(document, to: world.serverConfiguration)
        try world.serverIsReady(try await processes.start(cell.server, configuration: world.serverConfiguration).ready)
        guard cell.scenario.usesReplica, cell.server.lack(of: .replica) == nil else { return }
        document.resource = world.serverURL
        document.health = false
        try Documents.write(document, to: world.replicaConfiguration)
        try world.replicaIsReady(try await processes.start(cell.server, configuration: world.replicaConfiguration).ready)
    }

    /// The document of the server under test.
    func serverDocument(_ world: CellWorld, _ certificate: ClientIdentity, _ issuers: [ServerDocument.Issuer]) throws -> ServerDocument {
        let files = "\(folder)/files"
        try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
        try Documents.write(Data("hello from the test bed\n".utf8), to: "\(files)/hello.txt")
        // An empty file is an empty SQLite database; the server opens it for reading only.
        let database = "\(folder)/query.sqlite"
        if !FileManager.default.fileExists(atPath: database) { try Documents.write(Data(), to: database) }
        let certificates = cell.scheme.presents.contains("certificate")
        return ServerDocument(
            tls: try tlsDocument(world, certificate),
            plaintext: !certificates && cell.scenario.usesPlaintext, health: cell.scheme.server == "layered", scheme: cell.scheme.server,
            binding: cell.scheme.binding, environment: "test", store: "\(folder)/server.sqlite",
            clients: allowListChanges ? nil : clients(world), clientsFile: try allowListFile(world),
            issuers: issuers, introspectionCacheSeconds: cell.scenario.server?.introspectionCache ?? 0,
            jwksMaxAgeSeconds: cell.scenario.server?.jwksMaxAge, jwksOutageSeconds: cell.scenario.server?.jwksOutage,
            handshakeSeconds: cell.scenario.server?.handshake, files: files,
            database: database, notes: cell.scenario.server?.tenants == nil ? nil : true,
            upstream: cell.scenario.server?.upstream == true ? world.bedIssuer.map { .init(url: "\($0.url)/upstream") } : nil,
            refusalsPerMinute: cell.scenario.server?.refusalsPerMinute ?? 0, audit: world.auditPath)
    }

    static func relyingParty(_ url: String, id: String, secret: String, folder: String, ca: String?) throws -> ServerDocument.Issuer {
        let file = "\(folder)/introspection-secret"
        try Documents.write(Data(secret.utf8), to: file)
        return .init(issuer: url, ca: ca, clientID: id, clientSecretFile: file)
    }

    /// Who the allow-list names, and what they may do: the scenario's credentials, successors under their predecessor's name.
    func principals() -> [String: [String]] {
        if let battery = cell.scenario.battery {
            let insider = battery.cases.contains { $0.bends.contains(.presentation("anothers-certificate")) } ? [StimulusMaker.insider] : []
            let names = [battery.baseline] + (cell.scenario.server?.tenants ?? [:]).keys + insider
            return Dictionary(names.map { ($0, StoryRunner.allScopes) }) { first, _ in first }
        }
        var principals: [String: [String]] = [:]
        for step in cell.scenario.steps {
            if case .issue(let name, _, let predecessor, _, let scopes) = step.verb, predecessor == nil {
                principals[name] = scopes ?? StoryRunner.allScopes
            }
        }
        return principals
    }
}
