import Forging
import Foundation
import Probing
package import Scenarios
import Trace

/// What the bed measures of its own subjects: throughput by scheme against the same server with authentication off, and
/// what each program takes to start and to hold.
package struct BenchResults: Sendable, Codable {
    package struct Throughput: Sendable, Codable {
        package var scheme: String
        /// Requests a second, one figure a block.
        package var perSecond: [Double]
        /// Against authentication off in the same round: median, and the lowest and highest round.
        package var ratio: Double
        package var lowest: Double
        package var highest: Double
        package var failed: Int
        /// From request to answer in microseconds, one figure a block: of half of the requests, and of nine in ten. Nil in benches of
        /// before; so for the next.
        package var medianMicroseconds: [Double]?
        package var percentile90Microseconds: [Double]?
        /// How many wrong credentials a second are refused, each on a connection of its own; nil where the request carries none.
        package var refusedPerSecond: [Double]?
    }

    package struct Program: Sendable, Codable {
        package var name: String
        /// Milliseconds from start to ready line: median of the starts.
        package var readyMilliseconds: Double
        /// Resident memory in MB after it answered.
        package var megabytes: Double
    }

    package var throughput: [Throughput] = []
    package var programs: [Program] = []
    /// Nil where the server cannot measure that of itself.
    package var verification: VerificationRatio?
    /// What client certificates cost. Nil in benches of before.
    package var certificates: CertificateCosts?
    /// What another tool measures of the same server. Nil where it is not installed.
    package var agreement: LoadAgreement?
    package var requestsPerBlock: Int
    package var connections: Int
}

/// Runs the servers of all schemes at the same time, idle but for the one being measured, and takes turns.
package struct Bench: Sendable {
    package let folder: String
    package let pkiFolder: String
    package let programs: Programs
    package let rounds: Int
    package let requests: Int
    package let connections = 4

    package init(folder: String, pkiFolder: String, programs: Programs, rounds: Int, requests: Int) {
        self.folder = folder
        self.pkiFolder = pkiFolder
        self.programs = programs
        self.rounds = rounds
        self.requests = requests
    }

    /// - Parameter schemes: Each is measured against `off`, the same server without authentication, which stands in twice.
    package func run(
        schemes: [Scheme], server: Subject, issuer: Subject, client: Subject, progress: @escaping @Sendable (String) -> Void
    ) async throws -> BenchResults {
        let trace = try TraceWriter(path: "\(folder)/events.jsonl") { _ in }
        defer { trace.close() }
        let off = { (id: String) in
            Scheme(
                id: id, title: "authentication off", presents: [], server: "none", lifetime: 3600, revocationPromise: nil, notOffered: [:],
                refusalStatuses: [], refusalInTransport: false)
        }
        let remembering = schemes.filter { $0.server == "oauth-introspection" }.map { scheme in
            var scheme = scheme
            scheme.id += Self.cached
            return scheme
        }
        var again = schemes.first { $0.id == CertificateCosts.base }
        again?.id += CertificateCosts.again
        let all = [off("off"), off("off-again")] + schemes + remembering + (again.map { [$0] } ?? [])
        var results = BenchResults(requestsPerBlock: requests, connections: connections)
        let cells = all.map { scheme in
            var scenario = Self.scenario
            if scheme.id.hasSuffix(Self.cached) { scenario.server = ServerSettings(introspectionCache: 60) }
            return Cell(scenario: scenario, scheme: scheme, era: "2026-07-28", server: server, issuer: issuer, client: client)
        }
        try await open(cells[...], [], trace) { contenders, stages in
            let schemes = contenders.filter { $0.name != CertificateCosts.base + CertificateCosts.again }
            results.throughput = await measure(schemes, progress)
            // Its blocks are short, and it takes many to say what noise is.
            results.agreement = try await LoadAgreement.measure(
                contenders[0], rounds: 3 * rounds, requests: 2 * requests, connections: connections, programs: programs, folder: folder)
            results.certificates = try await CertificateBench(
                rounds: rounds, cold: max(1, requests / 2), warm: requests, connections: connections, programs: programs, folder: folder
            ).measure(contenders, stages, progress)
            results.programs = try await measurePrograms(stages, progress)
            if let template = server.hooks["bench-verification"] {
                let hook = Hook(template: template, programs: programs, environment: [:])
                results.verification = try await VerificationRatio.measure(rounds: 5, seconds: 1, server: hook)
            }
        }
        return results
    }

    /// What the name of a scheme ends in whose server remembers the issuer's answers for a minute.
    private static let cached = "-cached"

    private static let scenario = Scenario(
        id: "bench", title: "bench", teaches: "", schemes: [], world: .ensemble, timed: true, movesClock: false,
        steps: [Step(say: nil, verb: .issue(credential: "alice", as: nil, succeeds: nil, lifetime: nil, scopes: nil), line: 0)], expect: [],
        measures: [], battery: nil)

    private func open(
        _ cells: ArraySlice<Cell>, _ stages: [Stage], _ trace: TraceWriter, _ body: ([BenchContender], [Stage]) async throws -> Void
    ) async throws {
        guard let cell = cells.first else {
            var contenders: [BenchContender] = []
            for stage in stages {
                let credential = try await stage.office.issue("alice", succeeding: nil, lifetime: nil, scopes: StoryRunner.allScopes)
                let caller = { @Sendable (authorization: String?) in
                    let request = stage.maker.wire.call(
                        "canary.read", url: stage.world.serverURL, authorization: authorization.map { [$0] } ?? [], session: nil)
                    return { @Sendable (_: Int) in
                        var request = request
                        stage.maker.prove(&request, credential)
                        return request
                    }
                }
                contenders.append(
                    BenchContender(
                        name: stage.cell.scheme.id, request: caller(credential.authorization),
                        refused: credential.authorization.map { caller(Self.spoiled($0)) }, identity: credential.identity,
                        ca: stage.world.pki.ca, session: stage.processes.pid(role: "server") ?? 0))
            }
            return try await body(contenders, stages)
        }
        let place = "\(folder)/cells/\(cell.scheme.id)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let pki = try CellPKI(branching: PKI(opening: pkiFolder), into: "\(place)/pki")
        try await CellRunner(cell: cell, folder: place, trace: trace, pki: pki, programs: programs).withStage { stage in
            try await open(cells.dropFirst(), stages + [stage], trace, body)
        }
    }

    /// With another character within the secret or the signature, so that only looking at it tells.
    package static func spoiled(_ authorization: String) -> String {
        guard let place = authorization.index(authorization.endIndex, offsetBy: -12, limitedBy: authorization.startIndex) else { return "" }
        let other = authorization[place] == "A" ? "B" : "A"
        return authorization.replacingCharacters(in: place...place, with: other)
    }

    private func measure(_ contenders: [BenchContender], _ progress: (String) -> Void) async -> [BenchResults.Throughput] {
        var figures: [String: [ClosedLoop.Result]] = [:], refusals: [String: [Double]] = [:]
        var failed: [String: Int] = [:]
        for round in 0...rounds {
            for contender in contenders.shuffled() {
                let loop = ClosedLoop(
                    connections: connections, extent: .requests(requests), warmUp: connections, ca: contender.ca,
                    identity: contender.identity)
                let outcome = await loop.run(contender.request)
                failed[contender.name, default: 0] += outcome.others.values.reduce(0, +)
                // The first round warms caches and is not counted.
                if round > 0 { figures[contender.name, default: []].append(outcome) }
                guard let refused = contender.refused else { continue }
                var refusing = loop
                refusing.expectedStatus = 401
                // Where the server ends the connection behind a refusal, and where it does not, they are to be the same.
                (refusing.channel, refusing.warmUp) = (.newConnection, 0)
                let no = await refusing.run(refused)
                failed[contender.name, default: 0] += no.others.values.reduce(0, +)
                if round > 0 { refusals[contender.name, default: []].append(no.requestsPerSecond) }
            }
            progress("round \(round) of \(rounds)")
        }
        let base = (figures["off"] ?? []).map(\.requestsPerSecond)
        return contenders.map { contender in
            let outcomes = figures[contender.name] ?? [], mine = outcomes.map(\.requestsPerSecond)
            let ratios = zip(mine, base).map { $0 / $1 }.sorted()
            return .init(
                scheme: contender.name, perSecond: mine, ratio: ratios.isEmpty ? 0 : ratios[ratios.count / 2], lowest: ratios.first ?? 0,
                highest: ratios.last ?? 0, failed: failed[contender.name] ?? 0, medianMicroseconds: outcomes.map { Double($0.median) },
                percentile90Microseconds: outcomes.map { Double($0.percentile90) }, refusedPerSecond: refusals[contender.name])
        }
    }

    private func measurePrograms(_ stages: [Stage], _ progress: (String) -> Void) async throws -> [BenchResults.Program] {
        guard let stage = stages.first(where: { $0.cell.scheme.presents == ["token"] }) else { return [] }
        var programs: [BenchResults.Program] = []
        let credential = try await stage.office.issue("carol", succeeding: nil, lifetime: nil, scopes: StoryRunner.allScopes)
        for (subject, configuration) in [
            (stage.cell.server, stage.world.serverConfiguration), (stage.cell.issuer, stage.world.issuerConfiguration),
            (stage.cell.client, ""),
        ] {
            var ready: [Double] = []
            var memory = 0.0
            for _ in 0..<5 {
                let process =
                    subject.role == .client
                    ? try await stage.startClient(for: credential, server: stage.world.serverURL)
                    : try await stage.processes.start(subject, configuration: configuration)
                ready.append(Double(process.readyAfter) / 1e6)
                if subject.role == .client {
                    _ = try await stage.callByClient(process, set: "bench", credential: credential, tool: "canary.read", parallel: 1)
                }
                memory = max(memory, Self.residentMegabytes(process.pid))
                await process.stop()
            }
            programs.append(
                .init(name: subject.start.first ?? subject.id, readyMilliseconds: ready.sorted()[ready.count / 2], megabytes: memory))
        }
        return programs
    }

    private static func residentMegabytes(_ pid: Int) -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
    }
}
