import Foundation
import Probing
import Scenarios
import Trace

/// What stories and batteries have in common: the cell, its world, and the makers of credentials and calls.
struct Stage: Sendable {
    let cell: Cell
    let world: CellWorld
    let trace: TraceWriter
    let processes: Processes
    let office: CredentialOffice
    let maker: CallMaker

    init(cell: Cell, world: CellWorld, trace: TraceWriter, processes: Processes) {
        self.cell = cell
        self.world = world
        self.trace = trace
        self.processes = processes
        office = CredentialOffice(scheme: cell.scheme, world: world)
        maker = CallMaker(
            scheme: cell.scheme, subject: cell.server,
            wire: Wire(
                era: cell.scenario.era ?? cell.era, calls: cell.server.calls, tls: cell.scenario.tls.flatMap(ProbeRequest.TLSVersion.init)),
            audit: AuditReader(path: world.auditPath), trace: trace, clock: world.clock, cell: cell.id, ca: world.pki.ca,
            newestCertificate: { world.serverCertificate })
    }

    func fact(_ name: String, _ value: Double, unit: String, text: String? = nil) {
        trace.write(cell: cell.id) { $0.fact = FactEvent(name: name, value: value, unit: unit, text: text) }
    }

    func notOffered(_ verb: String, _ why: String) {
        trace.write(cell: cell.id) { $0.notOffered = NotOffered(verb: verb, why: why) }
    }

    func probe(for credential: Credential) -> Probe {
        Probe(ca: world.pki.ca, identity: credential.identity)
    }

    /// Before anything else: a caller who shows nothing. Where he is accepted, no acceptance proves anything.
    ///
    /// - Throws: `BedError` when the server gives no answer at all: every further call would only wait.
    func smoke() async throws {
        let nobody = Credential(name: "nobody", principal: "nobody", scopes: [])
        let event = await maker.call(
            PlannedCall(
                set: "smoke", ordinal: 0, credential: nobody, channelName: "new-connection", channel: .newConnection, tool: "canary.read",
                url: world.serverURL, bent: "no credential", keepText: true), with: probe(for: nobody))
        if event.outcome == .dropped, event.status == nil { throw BedError("the server does not answer: \(event.face ?? "no reason")") }
    }

    /// How often the canary was really written, as an accepted caller reads it; nil when it cannot be read.
    func canaryWrites(_ credential: Credential) async -> Int? {
        guard cell.server.lack(of: .canary) == nil else { return nil }
        var request = maker.wire.call(
            "canary.read", url: world.serverURL, authorization: credential.authorization.map { [$0] } ?? [], session: credential.session)
        request.connectTo = nil
        maker.prove(&request, credential)
        return writes(in: await probe(for: credential).send(request, over: .newConnection))
    }

    /// The same, of an answer to such a reading.
    func writes(in answer: ProbeAnswer) -> Int? {
        guard cell.server.lack(of: .canary) == nil, case .response(200, let headers, let body) = answer.outcome else { return nil }
        let type = headers.first { $0.name.lowercased() == "content-type" }?.value ?? ""
        guard let result = Wire.toolResult(body, contentType: type) else { return nil }
        if let structured = result["structuredContent"] as? [String: Any] { return structured["writes"] as? Int }
        let content = (result["content"] as? [[String: Any]])?.first?["text"] as? String ?? ""
        return ((try? JSONSerialization.jsonObject(with: Data(content.utf8))) as? [String: Any])?["writes"] as? Int
    }

    /// Starts the client under test with a credential, pointed at a server.
    func startClient(for credential: Credential, server: String) async throws -> SubjectProcess {
        try await processes.start(cell.client, configuration: try clientDocument(for: credential, server: server))
    }

    /// Writes the document that a client under test is started with, and gives its path.
    ///
    /// - Parameters:
    ///   - patience: Seconds that one exchange may take; nil for the client's own.
    ///   - keepsTokens: Whether it has a file for its tokens, though it could always ask for others.
    func clientDocument(for credential: Credential, server: String, patience: Int? = nil, keepsTokens: Bool = false) throws -> String {
        let folder = world.folder
        let base = "\(folder)/client-\(credential.name)-\(UInt32.random(in: 0...UInt32.max))"
        var document = ClientDocument(
            server: server, ca: world.pki.ca, era: cell.era, scheme: cell.scheme.presents.contains("token") ? "oauth" : "api-key")
        if let key = credential.apiKey {
            try Documents.write(Data(key.utf8), to: base + ".api-key")
            document.apiKeyFile = base + ".api-key"
        }
        if let identity = credential.identity {
            (document.certificate, document.key) = (identity.certificate, identity.key)
            document.scheme = credential.clientID == nil ? "mtls" : "layered"
        }
        if let id = credential.clientID, let secret = credential.clientSecret {
            try Documents.write(Data(secret.utf8), to: base + ".secret")
            document.oauth = .init(
                clientID: id, clientSecretFile: base + ".secret", cache: keepsTokens ? tokenCache(of: credential) : nil,
                scopes: credential.scopes,
                dpop: cell.scheme.binding == "dpop" ? true : nil,
                showsCertificate: cell.scheme.binding == "certificate" ? true : nil)
        }
        if let login = credential.login, let id = credential.clientID {
            let order = BrowseOrder(user: login.user, password: login.password, ca: world.pki.ca, shown: shownAddresses)
            try Documents.write(try JSONEncoder().encode(order), to: base + ".login.json")
            document.oauth = .init(
                clientID: id, grant: "authorization_code", cache: tokenCache(of: credential),
                browser: Self.browser(login: base + ".login.json"), scopes: credential.scopes)
        }
        document.timeoutSeconds = patience
        try Documents.write(document, to: base + ".json")
        return base + ".json"
    }

    /// Where clients with a credential keep their tokens, all of them in the same place.
    func tokenCache(of credential: Credential) -> String { "\(world.folder)/client-\(credential.name).cache.json" }

    /// What the browser of clients under test was told to show.
    var shownAddresses: String { "\(world.folder)/client-shown.txt" }

    /// The person at the client under test: this program, on the machine's time, whatever clock the client sees.
    private static func browser(login: String) -> [String] {
        ["/usr/bin/env", "-u", "LD_PRELOAD", Programs.own(), "browse", "--login", login]
    }

    /// One or more calls at the same moment by the client under test.
    func callByClient(
        _ client: SubjectProcess, set: String, credential: Credential, tool: String, parallel: Int, twin: Bool = false, first: Int = 0
    ) async throws -> (events: [CallEvent], tokenRequests: Int) {
        struct Answer: Decodable {
            struct Item: Decodable {
                var ok: Bool
                var error: String?
                var kind: String?
                var status: Int?
                var reason: String?
            }
            var results: [Item]
            var tokenRequests: Int

            enum CodingKeys: String, CodingKey {
                case results
                case tokenRequests = "token_requests"
            }
        }
        let begin = trace.now
        let line = try await client.ask(#"{"id":\#(first + 1),"call":"\#(tool)","arguments":{},"parallel":\#(parallel)}"#)
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(line.utf8)) else {
            throw BedError("the client answered something else than results", lastLines: [String(line.prefix(300))])
        }
        let end = trace.now
        let events = answer.results.enumerated().map { index, item in
            var event = CallEvent(
                set: set, ordinal: first + index, credential: credential.name, twin: twin, channel: "client", tool: tool, begin: begin,
                end: end, clock: world.clock.offset, outcome: item.ok ? .accepted : .dropped, newConnection: false, resumed: false)
            event.status = item.status
            event.face = item.kind.map { "\($0)\(item.error.map { text in ": \(text)" } ?? "")" }
            if item.kind == "refused" || item.kind == "tls" { event.outcome = .refused }
            let words = item.error ?? ""
            event.reason = item.reason ?? cell.client.reasons.first { words.contains($0.key) }?.value
            return event
        }
        return (events, answer.tokenRequests)
    }
}
