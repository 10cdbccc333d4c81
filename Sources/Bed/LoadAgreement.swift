import Foundation
import Probing
import Subprocess
import SystemPackage

/// What an independent tool measures of a server, beside what the bed does: the same requests over as many connections, by turns.
package struct LoadAgreement: Sendable, Codable, Hashable {
    package struct Figures: Sendable, Codable, Hashable {
        /// Requests a second, one figure a round.
        package var perSecond: [Double]
        /// From request to answer in microseconds, the middle one of each round.
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
        let request = contender.request(0)
        let body = "\(folder)/h2load.body"
        try Documents.write(Data(request.body), to: body)
        let version = try await Subprocess.run(
            .path(FilePath(path)), arguments: ["--version"], output: .string(limit: 1 << 12), error: .discarded)
        var agreement = LoadAgreement(
            tool: version.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines), ours: Figures(), theirs: Figures())
        for round in 0...rounds {
            let loop = ClosedLoop(
                connections: connections, extent: .requests(requests), warmUp: connections, ca: contender.ca,
                identity: contender.identity)
            let outcome = await loop.run(contender.request)
            let log = "\(folder)/h2load.\(round).log"
            let fields = request.headers.flatMap { ["-H", "\($0.name): \($0.value)"] }
            let result = try await Subprocess.run(
                .path(FilePath(path)),
                arguments: Arguments(
                    ["--h1", "-n", "\(requests)", "-c", "\(connections)", "-t", "1", "-d", body, "--log-file", log] + fields
                        + [request.url]), output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
            guard result.terminationStatus.isSuccess, let lines = try? String(contentsOfFile: log, encoding: .utf8),
                let theirs = figures(in: lines)
            else { throw BedError("h2load could not be read", lastLines: [result.standardOutput, result.standardError]) }
            guard round > 0 else { continue }
            agreement.ours.perSecond.append(outcome.requestsPerSecond)
            agreement.ours.medianMicroseconds.append(Double(outcome.median))
            agreement.theirs.perSecond.append(theirs.perSecond)
            agreement.theirs.medianMicroseconds.append(theirs.median)
        }
        return agreement
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
