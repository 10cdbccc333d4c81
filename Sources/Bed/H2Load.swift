import Foundation
import Probing
import Subprocess
import SystemPackage

/// nghttp2's load generator, which has nothing in common with the bed.
package struct H2Load: Sendable {
    package struct Figures: Sendable, Hashable {
        package var perSecond: Double
        /// Microseconds from request to answer, half of them within that.
        package var median: Double

        package init(perSecond: Double, median: Double) {
            (self.perSecond, self.median) = (perSecond, median)
        }
    }

    private let path: String
    private let arguments: [String]
    private let log: String

    /// - Parameter request: Holds no secret: it stands in the arguments.
    init(path: String, request: ProbeRequest, folder: String) throws {
        let body = "\(folder)/h2load.body"
        try Documents.write(Data(request.body), to: body)
        self.path = path
        log = "\(folder)/h2load.log"
        arguments =
            ["--h1", "-t", "1", "-d", body, "--log-file", log] + request.headers.flatMap { ["-H", "\($0.name): \($0.value)"] } + [
                request.url
            ]
    }

    /// As it names itself: `h2load nghttp2/1.52.0`.
    func version() async throws -> String {
        try await Subprocess.run(.path(FilePath(path)), arguments: ["--version"], output: .string(limit: 1 << 12), error: .discarded)
            .standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// - Throws: `BedError` when it fails, or a request is not answered with 200.
    func run(requests: Int, connections: Int) async throws -> Figures {
        // It adds to a log that is there.
        try? FileManager.default.removeItem(atPath: log)
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(["-n", "\(requests)", "-c", "\(connections)"] + arguments),
            output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw BedError("h2load failed", lastLines: [result.standardOutput, result.standardError])
        }
        guard let lines = try? String(contentsOfFile: log, encoding: .utf8), let figures = Self.figures(in: lines) else {
            throw BedError("h2load's log could not be read")
        }
        return figures
    }

    /// From its log, whose lines are start in microseconds, status, and microseconds until the answer: its start and its handshakes are
    /// no part of a request.
    ///
    /// - Returns: Nil when a request was not answered with 200, or there is none.
    package static func figures(in log: String) -> Figures? {
        var (first, last) = (Double.infinity, 0.0)
        var times: [Double] = []
        for line in log.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: "\t")
            guard fields.count >= 3, let start = Double(fields[0]), fields[1] == "200", let time = Double(fields[2]) else { return nil }
            (first, last) = (min(first, start), max(last, start + time))
            times.append(time)
        }
        guard !times.isEmpty, last > first else { return nil }
        return Figures(perSecond: Double(times.count) / (last - first) * 1e6, median: times.sorted()[times.count / 2])
    }
}
