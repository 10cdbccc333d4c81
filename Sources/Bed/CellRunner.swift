import Forging
import Foundation
import Probing
package import Scenarios
import Trace

/// One scenario in one scheme: what to run, and with which subjects.
package struct Cell: Sendable {
    package var scenario: Scenario
    package var scheme: Scheme
    package var era: String
    package var server: Subject
    package var issuer: Subject
    package var client: Subject
    /// What a check needs of a server beyond what the scenario shows by itself, by its id.
    package var needs: [String: [Capability]] = [:]
    package var barred: Barred?
    /// Of a battery, the checks whose cases are played, in a world that is set up for all of them; nil for every case.
    package var cases: Set<String>?

    package init(scenario: Scenario, scheme: Scheme, era: String, server: Subject, issuer: Subject, client: Subject) {
        self.scenario = scenario
        self.scheme = scheme
        self.era = era
        self.server = server
        self.issuer = issuer
        self.client = client
    }

    package var id: String { "\(scenario.id)@\(scheme.id)" }

    /// The scenario without the cases that are left out.
    var played: Scenario {
        guard let cases else { return scenario }
        var played = scenario
        played.battery?.cases.removeAll { !cases.contains($0.check) }
        return played
    }

    /// Why it is not worth playing: what came of the first contact with the server, in this scheme.
    package enum Barred: Sendable, Hashable {
        /// The server could not be judged.
        case unfit(String)
        /// It did not start, or ended.
        case fault(String)
    }

    /// Why nothing of the scenario can be asked of the server; nil where something can.
    package var gap: String? { applicability.gap }

    var applicability: Applicability {
        Applicability(server: server, client: client, issuer: issuer, scheme: scheme, scenario: scenario, era: era)
    }
}

/// Sets up the world of one cell, plays its scenario and takes everything down again, whatever happens.
struct CellRunner: Sendable {
    let cell: Cell
    let folder: String
    let trace: TraceWriter
    let pki: CellPKI
    let programs: Programs

    func run() async {
        var complete = false
        do {
            let scenarioJSON = String(decoding: try JSONEncoder().encode(cell.played), as: UTF8.self)
            let schemeJSON = String(decoding: try JSONEncoder().encode(cell.scheme), as: UTF8.self)
            trace.write(cell: cell.id) {
                $0.cellStarted = CellStarted(
                    scenario: cell.scenario.id, scheme: cell.scheme.id, scenarioJSON: scenarioJSON, schemeJSON: schemeJSON)
            }
            if try !isNotApplicable() { try await play() }
            complete = true
        } catch let gap as SubjectGap {
            // Before anything could be asked.
            trace.write(cell: cell.id) { $0.notOffered = NotOffered(verb: NotOffered.scenario, why: gap.why) }
            complete = true
        } catch let error as BedError {
            trace.write(cell: cell.id) { $0.fault = BedFault(message: error.message, lastLines: error.lastLines) }
        } catch is CancellationError {
            trace.write(cell: cell.id) { $0.fault = BedFault(message: "stopped before it was finished") }
        } catch {
            trace.write(cell: cell.id) { $0.fault = BedFault(message: "\(error)") }
        }
        trace.write(cell: cell.id) { $0.cellEnded = CellEnded(complete: complete) }
    }

    /// Writes down what cannot be asked of the server under test.
    ///
    /// - Returns: Whether that is everything, so that nothing need be started.
    private func isNotApplicable() throws -> Bool {
        if cell.issuer.isAttached, cell.scenario.world != .issuerBench {
            let why = "\(cell.issuer.id) was not started by the bed, and is judged alone"
            trace.write(cell: cell.id) { $0.notOffered = NotOffered(verb: NotOffered.scenario, why: why) }
            return true
        }
        if let why = cell.applicability.gap {
            trace.write(cell: cell.id) { $0.notOffered = NotOffered(verb: NotOffered.scenario, why: why) }
            return true
        }
        switch cell.barred {
        case .unfit(let why):
            trace.write(cell: cell.id) { $0.notOffered = NotOffered(verb: NotOffered.firstContact, why: why) }
            return true
        case .fault(let why): throw BedError(why)
        case nil: break
        }
        let gaps = cell.applicability.gaps(needs: cell.needs)
        for (check, why) in gaps.sorted(by: { $0.key < $1.key }) {
            trace.write(cell: cell.id) { $0.notOffered = NotOffered(verb: "check", why: why, check: check) }
        }
        return cell.scenario.measures.isEmpty
            && cell.scenario.decisions.allSatisfy { !$0.schemes.contains(cell.scheme.id) || gaps[$0.id] != nil }
    }

    private func play() async throws {
        if cell.scenario.world == .clientBench { return try await playAroundClient() }
        try await withStage { stage in
            if let battery = cell.played.battery, cell.scenario.world == .issuerBench {
                return try await IssuerBatteryRunner(stage: stage, battery: battery).run()
            }
            try await stage.smoke()
            if let battery = cell.played.battery {
                try await BatteryRunner(stage: stage, battery: battery).run()
            } else {
                try await StoryRunner(stage: stage).run()
            }
        }
    }

    /// The client is the only subject, and started when it is needed.
    private func playAroundClient() async throws {
        guard let battery = cell.played.battery else { throw BedError("the client's bench plays batteries") }
        let world = CellWorld(
            folder: folder, clock: try SubjectClock.make(folder: folder, movable: cell.applicability.movesClock, programs: programs),
            pki: pki,
            programs: programs, server: cell.server, issuer: cell.issuer, client: cell.client, bedIssuer: nil, front: nil)
        let processes = Processes(trace: trace, cell: cell.id, world: world)
        do {
            try await ClientBench(
                stage: Stage(cell: cell, world: world, trace: trace, processes: processes), battery: battery
            ).run()
            try trace.check()
        } catch {
            await processes.stopAll()
            throw error
        }
        await processes.stopAll()
    }

    /// Starts the subjects, hands over the stage, and takes everything down again, whatever happens.
    func withStage(_ body: (Stage) async throws -> Void) async throws {
        let clock = try SubjectClock.make(folder: folder, movable: cell.applicability.movesClock, programs: programs)
        let usesTokens = cell.scheme.presents.contains("token")
        // A server that runs already knows one issuer: the bed, or one that the bed was given tokens of.
        let playsIssuer = cell.scenario.world == .bench || cell.server.lack(of: .otherIssuer) != nil
        let (bedIssuer, otherIssuer) = usesTokens && playsIssuer ? try await bedIssuers(clock) : (nil, nil)
        let issuerStands = usesTokens && bedIssuer == nil
        let front =
            issuerStands && cell.scenario.usesFront ? try await IssuerFront.start(identity: pki.named("issuer"), ca: pki.ca) : nil
        var pki = pki
        pki.trustedBundles = cell.scenario.server?.trust ?? []
        let asksTheAuthority = cell.scheme.ocsp != nil || cell.scenario.server?.listRefresh != nil
        let responder = asksTheAuthority ? try pki.answerQuestions(clock: clock) : nil
        defer {
            responder?.stop()
            bedIssuer?.stop()
            otherIssuer?.stop()
            front?.stop()
        }
        let limbo = cell.scenario.battery?.usesLimbo == true ? try LimboPool(into: "\(folder)/pki/limbo", now: clock.now, limboCases) : nil
        let world = CellWorld(
            folder: folder, clock: clock, pki: pki, programs: programs, server: cell.server, issuer: cell.issuer, client: cell.client,
            bedIssuer: bedIssuer, otherIssuer: otherIssuer, front: front, limbo: limbo, responder: responder,
            tenants: cell.scenario.server?.tenants ?? [:])
        let processes = Processes(trace: trace, cell: cell.id, world: world)
        do {
            try pki.writeRevocationList(now: clock.now)
            if issuerStands { try await startIssuer(processes, world) }
            if cell.scenario.world != .issuerBench { try await startServer(processes, world) }
            try await body(Stage(cell: cell, world: world, trace: trace, processes: processes))
            try processes.check()
            try responder?.check()
            try trace.check()
        } catch {
            await processes.stopAll()
            throw error
        }
        await processes.stopAll()
    }

    /// The bed's own issuer, and a second one where the battery tries tokens across both.
    private func bedIssuers(_ clock: SubjectClock) async throws -> (BedIssuer, BedIssuer?) {
        let battery = cell.scenario.battery
        let isRSA = battery?.algorithm == "RS256"
        let own = try await BedIssuer.start(
            clock: clock, algorithms: [isRSA ? .rs256 : .es256],
            names: [cell.server.isAttached ? "bed-\(UInt32.random(in: 0...UInt32.max))" : "bed-1"],
            port: cell.server.isAttached ? cell.server.issuerPort ?? 0 : 0)
        guard battery?.cases.contains(where: \.needsTwoIssuers) ?? false || cell.scenario.server?.tenants != nil else { return (own, nil) }
        return (own, try await BedIssuer.start(clock: clock, algorithms: [.es256, .es256], names: ["bed-1", "other-1"]))
    }

    private func startIssuer(_ processes: Processes, _ world: CellWorld) async throws {
        if cell.issuer.isAttached { return try world.issuerIsReady(["issuer": cell.issuer.url ?? ""]) }
        let certificate = pki.named("issuer")
        let bound = cell.scheme.binding == "certificate"
        let onBench = cell.scenario.world == .issuerBench
        let document = IssuerDocument(
            issuer: world.front?.url, tls: .init(certificate: certificate.certificate, key: certificate.key),
            store: "\(folder)/issuer.sqlite", resources: onBench ? [IssuerDesk.resource, IssuerDesk.otherResource] : nil,
            clientCA: bound ? pki.clientCA : nil, intermediates: bound ? pki.intermediates : nil,
            dynamicRegistration: onBench ? true : nil, clientIDMetadata: onBench ? true : nil, clientIDMetadataCA: onBench ? pki.ca : nil,
            clientIDMetadataPrivate: onBench ? cell.scenario.issuer?.privateDocuments ?? true : nil, audit: world.issuerAuditPath)
        try Documents.write(document, to: world.issuerConfiguration)
        try world.issuerIsReady(try await processes.start(cell.issuer, configuration: world.issuerConfiguration).ready)
    }

    private func startServer(_ processes: Processes, _ world: CellWorld) async throws {
        var issuers: [ServerDocument.Issuer] = []
        if let bedIssuer = world.bedIssuer {
            let tenants: [String?] = Set(world.tenants.values).sorted()
            issuers = try zip([bedIssuer, world.otherIssuer].compactMap { $0 }, tenants + [nil, nil]).map { issuer, tenant in
                var party = try Self.relyingParty(
                    issuer.url, id: "mcp-server", secret: "none-needed-by-the-bed", folder: folder, ca: nil)
                party.tenant = tenant
                return party
            }
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
        try Data("hello from the test bed\n".utf8).write(to: URL(fileURLWithPath: "\(files)/hello.txt"))
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

extension Scenario {
    /// Whether any step talks to the server without TLS.
    var usesPlaintext: Bool {
        // Without TLS an attacker has it easiest, and the bed least noise.
        battery?.cases.contains(where: \.isTimed) ?? false
            || steps.contains { step in
                switch step.verb {
                case .connect(_, _, _, let listener): listener == .plaintext
                case .replay(_, _, _, let listener, _, _): listener == .plaintext
                default: false
                }
            }
    }

    /// Whether any step talks to a second process of the server.
    var usesReplica: Bool { steps.contains(where: \.verb.usesReplica) }

    /// Whether the bed stands before the issuer: to count what several clients ask of it, or to let it fail.
    var usesFront: Bool {
        steps.contains { step in
            switch step.verb {
            case .call(_, _, _, _, _, _, _, let processes): processes != nil
            case .fault(_, .issuerAnswers503, _): true
            default: false
            }
        }
    }
}

extension Verb {
    var usesReplica: Bool {
        switch self {
        case .call(_, _, let channel, _, _, _, _, _): channel == .replica
        case .probe(let probe): probe.over == .replica
        default: false
        }
    }
}

extension Battery.Case {
    var needsTwoIssuers: Bool {
        bends.contains { if case .issuer(let how) = $0 { how.hasPrefix("others-key") } else { false } }
    }
}
