import Foundation
import Probing
import Subprocess
import SystemPackage

/// What an independent tool measures of a server, beside what the bed does: the same requests over as many connections, by turns.
///
/// How many are answered a second is asked over several connections; how long one takes, over a single one. The server has a processor
/// of its own meanwhile, where there are several. Each tool stands in twice, so that it can be told by how much one differs from itself.
package struct LoadAgreement: Sendable, Codable, Hashable {
    /// One figure a round of each.
    package struct Figures: Sendable, Codable, Hashable {
        /// Requests a second over several connections.
        package var perSecond: [Double] = []
        /// From request to answer over one connection, half of a round's requests within that, in microseconds.
        package var medianMicroseconds: [Double] = []

        package init(perSecond: [Double] = [], medianMicroseconds: [Double] = []) {
            (self.perSecond, self.medianMicroseconds) = (perSecond, medianMicroseconds)
        }
    }

    /// `h2load nghttp2/1.52.0`, for example.
    package var tool: String
    package var ours: Figures
    package var theirs: Figures
    /// The second turns. Nil in benches of before, which say nothing of agreement for that reason.
    package var oursAgain: Figures?
    package var theirsAgain: Figures?
    /// Whether the server had one processor, and the tools the others. Nil in benches of before.
    package var isApart: Bool?

    package init(tool: String, ours: Figures = .init(), theirs: Figures = .init(), oursAgain: Figures? = nil, theirsAgain: Figures? = nil) {
        (self.tool, self.ours, self.theirs, self.oursAgain, self.theirsAgain) = (tool, ours, theirs, oursAgain, theirsAgain)
    }

    package var throughput: PairedDifference? { difference(\.perSecond) }
    package var latency: PairedDifference? { difference(\.medianMicroseconds) }

    private func difference(_ figures: KeyPath<Figures, [Double]>) -> PairedDifference? {
        guard let oursAgain, let theirsAgain else { return nil }
        return PairedDifference(
            (ours[keyPath: figures], oursAgain[keyPath: figures]), (theirs[keyPath: figures], theirsAgain[keyPath: figures]))
    }

    /// - Parameter contender: Takes requests that hold no secret: they stand in the other tool's arguments.
    /// - Returns: Nil where `h2load` is not installed.
    /// - Throws: `BedError` when it is and cannot be read.
    static func measure(
        _ contender: BenchContender, rounds: Int, requests: Int, connections: Int, programs: Programs, folder: String
    ) async throws -> LoadAgreement? {
        guard let path = try? programs.path(of: "h2load") else { return nil }
        let other = try H2Load(path: path, request: contender.request(0), folder: folder)
        var agreement = LoadAgreement(tool: try await other.version(), oursAgain: .init(), theirsAgain: .init())
        let ours = { (requests: Int, connections: Int) async throws -> H2Load.Figures in
            let loop = ClosedLoop(
                connections: connections, extent: .requests(requests), warmUp: connections, ca: contender.ca, identity: contender.identity)
            let outcome = await loop.run(contender.request)
            return .init(perSecond: outcome.requestsPerSecond, median: Double(outcome.median))
        }
        let theirs = { (requests: Int, connections: Int) async throws -> H2Load.Figures in
            try await other.run(requests: requests, connections: connections)
        }
        // With a processor of its own each, how fast the server is says what it can do, and not what the tool leaves it.
        let processors = ProcessInfo.processInfo.activeProcessorCount
        agreement.isApart = await keep(contender.session, to: processors > 1 ? "0" : nil, programs)
        for round in 0...rounds {
            for turn in [0, 1, 2, 3].shuffled() {
                let tool = turn < 2 ? ours : theirs
                // The other tool has no warm-up: its first connections are asked while it opens the last ones.
                let many = try await tool(8 * requests, connections), one = try await tool(requests, 1)
                // The first round warms caches and is not counted.
                guard round > 0 else { continue }
                switch turn {
                case 0: agreement.ours.add(many, one)
                case 1: agreement.oursAgain?.add(many, one)
                case 2: agreement.theirs.add(many, one)
                default: agreement.theirsAgain?.add(many, one)
                }
            }
        }
        if agreement.isApart == true { _ = await keep(contender.session, to: "0-\(processors - 1)", programs) }
        return agreement
    }

    /// Keeps the threads of a server to some processors.
    ///
    /// - Returns: Whether it could be done; not where `taskset` is not installed.
    private static func keep(_ process: Int, to processors: String?, _ programs: Programs) async -> Bool {
        guard let processors, let path = try? programs.path(of: "taskset") else { return false }
        let result = try? await Subprocess.run(
            .path(FilePath(path)), arguments: ["--all-tasks", "--cpu-list", "--pid", processors, "\(process)"], output: .discarded,
            error: .discarded)
        return result?.terminationStatus.isSuccess ?? false
    }
}

extension LoadAgreement.Figures {
    fileprivate mutating func add(_ many: H2Load.Figures, _ one: H2Load.Figures) {
        perSecond.append(many.perSecond)
        medianMicroseconds.append(one.median)
    }
}
