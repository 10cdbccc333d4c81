import Foundation
import Probing
import Subprocess
import SystemPackage

/// What an independent tool measures of a server, beside what the bed does: the same requests over as many connections, by turns.
///
/// How many are answered a second is asked over several connections. How long one takes is asked over a single one: both tools are
/// one thread, which reads the answers of several connections one after the other. What a tool works for a request itself is in
/// that time, too, and no two work as much; so it is measured and taken off. What the server works for each request is to be the same,
/// whoever asks.
package struct LoadAgreement: Sendable, Codable, Hashable {
    package struct Figures: Sendable, Codable, Hashable {
        /// Requests a second over all connections, one figure a round.
        package var perSecond: [Double]
        /// From request to answer over one connection in microseconds, the middle one of each round.
        package var medianMicroseconds: [Double]
        /// What the tool had of the processors for each of these requests, in microseconds, one figure a round. Nil in benches of before.
        package var ownMicroseconds: [Double]?
        /// What the server had of them for each of the requests over all connections. Nil in benches of before.
        package var serverMicroseconds: [Double]?

        package init(
            perSecond: [Double] = [], medianMicroseconds: [Double] = [], ownMicroseconds: [Double]? = nil,
            serverMicroseconds: [Double]? = nil
        ) {
            self.perSecond = perSecond
            self.medianMicroseconds = medianMicroseconds
            self.ownMicroseconds = ownMicroseconds
            self.serverMicroseconds = serverMicroseconds
        }

        /// From request to answer without the tool's own work, which is the server's and the machine's part.
        package var rest: [Double]? {
            ownMicroseconds.map { zip(medianMicroseconds, $0).map { $0 - $1 } }
        }
    }

    /// `h2load nghttp2/1.52.0`, for example.
    package var tool: String
    package var ours: Figures
    package var theirs: Figures

    package init(tool: String, ours: Figures, theirs: Figures) {
        self.tool = tool
        self.ours = ours
        self.theirs = theirs
    }

    /// - Parameter contender: Takes requests that hold no secret: they stand in the other tool's arguments.
    /// - Returns: Nil where `h2load` is not installed.
    /// - Throws: `BedError` when it is and cannot be read.
    static func measure(
        _ contender: BenchContender, rounds: Int, requests: Int, connections: Int, programs: Programs, folder: String
    ) async throws -> LoadAgreement? {
        guard let path = try? programs.path(of: "h2load") else { return nil }
        let version = try await Subprocess.run(
            .path(FilePath(path)), arguments: ["--version"], output: .string(limit: 1 << 12), error: .discarded)
        var agreement = LoadAgreement(
            tool: version.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines),
            ours: Figures(ownMicroseconds: [], serverMicroseconds: []),
            theirs: Figures(ownMicroseconds: [], serverMicroseconds: []))
        for round in 0...rounds {
            let files = "\(folder)/h2load.\(round)"
            let many = try await turn(contender, requests, connections, h2load: path, files: files)
            let one = try await turn(contender, requests, 1, h2load: path, files: files)
            // The first round warms caches and is not counted.
            guard round > 0 else { continue }
            agreement.ours.add(many: many.ours, one: one.ours)
            agreement.theirs.add(many: many.theirs, one: one.theirs)
        }
        return agreement
    }

    /// Of one tool in one round; times in microseconds.
    fileprivate struct Turn {
        var perSecond: Double
        var median: Double
        /// A request's share of the tool's processor time.
        var own: Double
        /// And of the server's.
        var server: Double
    }

    /// The bed first, then h2load.
    ///
    /// - Parameter files: What the names of files for h2load begin with; it adds to a log that is there.
    private static func turn(
        _ contender: BenchContender, _ requests: Int, _ connections: Int, h2load path: String, files: String
    ) async throws -> (ours: Turn, theirs: Turn) {
        let loop = ClosedLoop(
            connections: connections, extent: .requests(requests), warmUp: connections, ca: contender.ca, identity: contender.identity)
        let before = SessionTime.seconds(contender.session)
        let outcome = await loop.run(contender.request)
        let between = SessionTime.seconds(contender.session)
        let request = contender.request(0)
        let (body, log) = ("\(files).body", "\(files).\(connections).log")
        try Documents.write(Data(request.body), to: body)
        let fields = request.headers.flatMap { ["-H", "\($0.name): \($0.value)"] }
        let arguments = { (requests: Int, log: String) in
            ["--h1", "-n", "\(requests)", "-c", "\(connections)", "-t", "1", "-d", body, "--log-file", log] + fields + [request.url]
        }
        // Its start and its handshakes are no part of a request, and the bed's are not counted either.
        let started = try await h2load(path, arguments(connections, log + ".start"))
        let again = SessionTime.seconds(contender.session)
        let worked = try await h2load(path, arguments(requests, log))
        let after = SessionTime.seconds(contender.session)
        guard let lines = try? String(contentsOfFile: log, encoding: .utf8), let found = figures(in: lines) else {
            throw BedError("h2load's log could not be read")
        }
        let (each, eachTimed) = (1e6 / Double(max(1, requests)), 1e6 / Double(max(1, requests - connections)))
        return (
            Turn(
                perSecond: outcome.requestsPerSecond, median: Double(outcome.median), own: outcome.processorSeconds * each,
                server: (between - before) * each),
            Turn(
                perSecond: found.perSecond, median: found.median, own: max(0, worked - started) * eachTimed, server: (after - again) * each)
        )
    }

    /// - Returns: What it had of the processors, in seconds: nothing else that the bed starts ends at the same time.
    private static func h2load(_ path: String, _ arguments: [String]) async throws -> Double {
        let before = SessionTime.ofEndedChildren()
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw BedError("h2load failed", lastLines: [result.standardOutput, result.standardError])
        }
        return SessionTime.ofEndedChildren() - before
    }

    /// From a log of h2load, whose lines are start in microseconds, status, and microseconds until the answer.
    ///
    /// - Returns: Nil when a request was not answered with 200, or there is none.
    package static func figures(in log: String) -> (perSecond: Double, median: Double)? {
        var (first, last) = (Double.infinity, 0.0)
        var times: [Double] = []
        for line in log.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: "\t")
            guard fields.count >= 3, let start = Double(fields[0]), fields[1] == "200", let time = Double(fields[2]) else { return nil }
            (first, last) = (min(first, start), max(last, start + time))
            times.append(time)
        }
        guard !times.isEmpty, last > first else { return nil }
        return (Double(times.count) / (last - first) * 1e6, times.sorted()[times.count / 2])
    }

    /// Whether the two overlap: no tool finds all of its rounds beyond those of the other.
    package static func overlap(_ one: [Double], _ other: [Double]) -> Bool {
        guard let low = one.min(), let high = one.max(), let otherLow = other.min(), let otherHigh = other.max() else { return false }
        return low <= otherHigh && otherLow <= high
    }
}

extension LoadAgreement.Figures {
    fileprivate mutating func add(many: LoadAgreement.Turn, one: LoadAgreement.Turn) {
        perSecond.append(many.perSecond)
        medianMicroseconds.append(one.median)
        ownMicroseconds?.append(one.own)
        serverMicroseconds?.append(many.server)
    }
}
