import ArgumentParser
import Bed
import Forging
import Foundation
import Probing
import Scenarios
import Synchronization
import Trace

/// The folder of one run: made before anything starts, so that a disk that cannot be written to is told at once.
struct RunFolder: Sendable {
    let path: String
    /// Where certificates of the standard profile are; those of another stand beside it, under the profile's name.
    let pki: String
    private let manifest: String
    let programs: Programs
    /// The profiles of certificates that are there, for this folder and those in it.
    private let profiles: Profiles

    private final class Profiles: Sendable {
        let built = Mutex<Set<String>>([])
    }

    /// - Parameters:
    ///   - results: Where runs are kept.
    ///   - keep: Whether `latest` shall point to it.
    init(root: String, results: String, name: String? = nil, latest: Bool = true) throws {
        let stamp = ISO8601DateFormatter().string(from: Date()).replacingOccurrences(of: ":", with: "")
        let name = name ?? "\(stamp)-\(ProcessInfo.processInfo.processIdentifier)"
        path = "\(results)/\(name)"
        manifest = "\(root)/certs-gen/pki.yaml"
        pki = "\(results)/pki"
        profiles = Profiles()
        programs = Programs(folder: URL(fileURLWithPath: Programs.own()).deletingLastPathComponent().path)
        let files = FileManager.default
        do {
            try files.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            // Room for a trace and the cells' stores: better told now than in the middle of a run.
            let free = try files.attributesOfFileSystem(forPath: path)[.systemFreeSize] as? NSNumber
            if let free, free.int64Value < 64 << 20 { throw BedError("less than 64 MB are free") }
            _ = try PKI.build(manifest: try PKIManifest(file: manifest), into: pki)
            if latest { try becomeLatest() }
        } catch let error as ForgingError {
            Terminal.complain("authbed: error: cannot use \(path): \(error)")
            throw ExitCode(3)
        } catch let error as PKIManifestError {
            Terminal.complain("\(error)")
            throw ExitCode(2)
        } catch {
            Terminal.complain("authbed: error: cannot use \(path): \((error as? BedError)?.message ?? error.localizedDescription)")
            throw ExitCode(3)
        }
    }

    /// Has `latest` beside it point to it.
    func becomeLatest() throws {
        let place = URL(fileURLWithPath: path)
        let link = place.deletingLastPathComponent().appending(path: "latest").path
        try? FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: place.lastPathComponent)
    }

    private init(_ parent: RunFolder, _ name: String) throws {
        path = "\(parent.path)/\(name)"
        (pki, manifest, programs, profiles) = (parent.pki, parent.manifest, parent.programs, parent.profiles)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// A folder in this one, for what is played before the run itself.
    func within(_ name: String) throws -> RunFolder { try RunFolder(self, name) }

    /// The folders of a folder in this one.
    func folders(in name: String) -> [RunFolder] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)")) ?? []).compactMap { try? within("\(name)/\($0)") }
    }

    /// Empties the folder without removing anything yet.
    ///
    /// - Returns: Where everything is now.
    func putAside() throws -> String {
        let aside = "\(path).old-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.moveItem(atPath: path, toPath: aside)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return aside
    }

    var tracePath: String { "\(path)/events.jsonl" }

    /// Plays the cells and returns when everything they started has ended.
    ///
    /// - Parameters:
    ///   - timesAlone: Whether cells that measure time are played alone.
    ///   - keepsKeys: Whether the cells' keys are left for the caller to `forgetKeys`.
    /// - Returns: Whether the run was cut short.
    func play(
        _ cells: [Cell], era: String, jobs: Int, timesAlone: Bool = true, keepsKeys: Bool = false, scope: RunScope = RunScope(),
        observer: @escaping @Sendable (TraceEvent) -> Void = { _ in }
    ) async throws -> Bool {
        let wanted = Set(cells.compactMap(\.scenario.pki))
        for profile in wanted.subtracting(profiles.built.withLock { $0 }).sorted() {
            _ = try PKI.build(manifest: try PKIManifest(file: manifest), profile: profile, into: "\(pki)-\(profile)")
            profiles.built.withLock { _ = $0.insert(profile) }
        }
        let trace = try TraceWriter(path: tracePath, observer: observer)
        defer { trace.close() }
        let machine = "\(ProcessInfo.processInfo.activeProcessorCount) cores, \(ProcessInfo.processInfo.operatingSystemVersionString)"
        var subjects: [String: String] = [:]
        if let cell = cells.first {
            for (role, subject) in [("server", cell.server), ("issuer", cell.issuer), ("client", cell.client)] {
                subjects[role] = await SubjectVersion.title(of: subject, programs: programs)
            }
        }
        trace.write { [subjects] in
            $0.run = RunStarted(
                authbed: Authbed.configuration.version, startedAt: ISO8601DateFormatter().string(from: Date()), era: era,
                commandLine: Array(CommandLine.arguments.dropFirst()), machine: machine, subjects: subjects, shard: scope.shard,
                role: scope.role?.rawValue, profile: scope.profile, checks: scope.checks,
                notOffered: scope.notOffered)
        }
        let before = (requests: Tally.requests, processes: StartedProcesses.count)
        let played = await RunCoordinator(
            folder: path, pkiFolder: pki, programs: programs, trace: trace, jobs: jobs, timesAlone: timesAlone
        )
        .run(cells)
        let interrupted = Task.isCancelled || played < cells.count
        trace.write {
            $0.runEnded = RunEnded(
                cells: played, interrupted: interrupted, requests: Tally.requests - before.requests,
                processes: StartedProcesses.count - before.processes)
        }
        try trace.check()
        if !keepsKeys { forgetKeys() }
        return interrupted
    }

    /// Removes the cells' keys and stores, which are of no use afterwards; documents and audit trails are evidence, and small.
    func forgetKeys() {
        for cell in (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/cells")) ?? [] {
            try? FileManager.default.removeItem(atPath: "\(path)/cells/\(cell)/pki")
        }
    }
}

/// Which part of everything a run is about; nil for all.
struct RunScope: Sendable {
    var shard: String?
    var role: Subject.Role?
    var profile: String?
    var checks: [String]?
    /// The schemes that the subject does not offer.
    var notOffered: [String]?
}
