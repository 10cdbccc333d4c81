import Foundation
import Probing
import Subprocess
import SystemPackage

/// What an independent tool measures of a server, beside what the bed does: the same requests over as many connections, by turns.
///
/// How many are answered a second is asked over several connections. How long one takes is asked over a single one: both tools are
/// one thread, which reads the answers of several connections one after the other, so that there a slower tool measures itself.
package struct LoadAgreement: Sendable, Codable, Hashable {
    package struct Figures: Sendable, Codable, Hashable {
        /// Requests a second over all connections, one figure a round.
        package var perSecond: [Double]
        /// From request to answer over one connection in microseconds, the middle one of each round.
        package var medianMicroseconds: [Double]

        package init(perSecond: [Double] = [], medianMicroseconds: [Double] = []) {
            self.perSecond = perSecond
            self.medianMicroseconds = medianMicroseconds
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
            tool: version.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines), ours: Figures(), theirs: Figures())
        for round in 0...rounds {
            let many = try await turn(contender, requests, connections, h2load: path, files: "\(folder)/h2load.\(round)")
            let one = try await turn(contender, max(1, requests / connections), 1, h2load: path, files: "\(folder)/h2load.\(round)")
            // The first round warms caches and is not counted.
            guard round > 0 else { continue }
            agreement.ours.perSecond.append(many.ours.perSecond)
            agreement.ours.medianMicroseconds.append(one.ours.median)
            agreement.theirs.perSecond.append(many.theirs.perSecond)
            agreement.theirs.medianMicroseconds.append(one.theirs.median)
        }
        return agreement
    }

    private typealias Turn = (perSecond: Double, median: Double)

    /// The bed first, then h2load.
    ///
    /// - Parameter files: What the names of files for h2load begin with; it adds to a log that is there.
    private static func turn(
        _ contender: BenchContender, _ requests: Int, _ connections: Int, h2load path: String, files: String
    ) async throws -> (ours: Turn, theirs: Turn) {
        let loop = ClosedLoop(
            connections: connections, extent: .requests(requests), warmUp: connections, ca: contender.ca, identity: contender.identity)
        let outcome = await loop.run(contender.request)
        let request = contender.request(0)
        let (body, log) = ("\(files).body", "\(files).\(connections).log")
        try Documents.write(Data(request.body), to: body)
        let fields = request.headers.flatMap { ["-H", "\($0.name): \($0.value)"] }
        let result = try await Subprocess.run(
            .path(FilePath(path)),
            arguments: Arguments(
                ["--h1", "-n", "\(requests)", "-c", "\(connections)", "-t", "1", "-d", body, "--log-file", log] + fields + [request.url]),
            output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess, let lines = try? String(contentsOfFile: log, encoding: .utf8),
            let theirs = figures(in: lines)
        else { throw BedError("h2load could not be read", lastLines: [result.standardOutput, result.standardError]) }
        return ((outcome.requestsPerSecond, Double(outcome.median)), theirs)
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
