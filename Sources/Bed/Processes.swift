import Foundation
import Scenarios
import Synchronization
import Trace

/// The subject processes of one cell: each start and each end goes to the trace, and none outlives the cell.
final class Processes: Sendable {
    private let trace: TraceWriter
    private let cell: String
    private let world: CellWorld
    private let running = Mutex<[SubjectProcess]>([])
    /// By role, the ports of those who will be started again.
    private let held = Mutex<[String: Loopback]>([:])

    init(trace: TraceWriter, cell: String, world: CellWorld) {
        self.trace = trace
        self.cell = cell
        self.world = world
    }

    /// Starts a subject and waits for its ready line.
    ///
    /// - Parameter environment: What it finds in its environment; nil for nothing but what moves its clock.
    func start(_ subject: Subject, configuration: String, environment: [String: String]? = nil) async throws -> SubjectProcess {
        let role = subject.role.rawValue
        var spec = ProcessSpec(
            role: role, command: try world.command(subject, configuration: configuration),
            environment: environment ?? world.clock.environment,
            readyLimit: .seconds(subject.readyWithin), log: world.logPath(role))
        if let url = subject.url {
            spec.listensAt = Hook.fill([url], ["port": try world.port(subject, configuration: configuration).map { ["\($0)"] } ?? []]).first
        }
        release(role)
        let process = try await SubjectProcess.start(spec) { [trace, cell] pid, end in
            trace.write(cell: cell) {
                var event = ProcessEvent(phase: .ended, role: role, pid: pid)
                (event.status, event.expected) = (end.status, end.expected)
                if !end.expected { event.lastLines = end.lastLines }
                $0.process = event
            }
        }
        running.withLock { $0.append(process) }
        trace.write(cell: cell) {
            var event = ProcessEvent(phase: .ready, role: role, pid: process.pid)
            event.readyAfter = process.readyAfter
            $0.process = event
        }
        return process
    }

    /// - Parameter port: Where it listens, if it is to listen there again: nobody else is to be given that meanwhile.
    func stop(role: String, holding port: Int? = nil) async {
        let leaving = running.withLock { processes in
            let leaving = processes.filter { $0.role == role }
            processes.removeAll { $0.role == role }
            return leaving
        }
        for process in leaving { await process.stop() }
        guard let port = port.flatMap(UInt16.init(exactly:)) else { return }
        held.withLock { held in if held[role] == nil { held[role] = try? Loopback.holding(port) } }
    }

    private func release(_ role: String) { held.withLock { $0.removeValue(forKey: role)?.close() } }

    /// Of the last one that was started in that role and still runs.
    func pid(role: String) -> Int? { running.withLock { $0 }.last { $0.role == role && $0.end == nil }?.pid }

    /// Sends a signal to every process of that role.
    func signal(role: String, _ number: Int32) {
        for process in running.withLock({ $0 }) where process.role == role && process.end == nil { process.signal(number) }
    }

    /// Whether one of that role has ended by itself.
    func hasEnded(role: String) -> Bool {
        running.withLock { $0 }.contains { $0.role == role && $0.end != nil }
    }

    func stopAll() async {
        let all = running.withLock { processes in
            defer { processes = [] }
            return processes
        }
        await withTaskGroup(of: Void.self) { group in
            for process in all { group.addTask { await process.stop() } }
        }
        for role in Subject.Role.allCases { release(role.rawValue) }
    }

    /// - Throws: `BedError` when a process has ended that nobody asked to.
    func check() throws {
        for process in running.withLock({ $0 }) {
            if let end = process.end, !end.expected {
                throw BedError("the \(process.role) ended by itself: \(end.status)", lastLines: end.lastLines)
            }
        }
    }
}
