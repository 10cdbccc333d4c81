import Forging
import Foundation
import Synchronization

/// The clock of the subjects of one cell: the bed's real time plus an offset that scenarios move.
///
/// Subjects see it through libfaketime, which reads the offset from a file. Monotonic clocks are left alone.
package final class SubjectClock: Sendable {
    /// Whether subjects run under it. Where a scenario never moves the clock they run on real time.
    package let movable: Bool
    private let file: String
    private let preloaded: String?
    private let state = Mutex(State())

    private struct State {
        var offset = 0.0
        /// What subjects may have seen since, and until when.
        var seen: [(offset: Double, until: ContinuousClock.Instant)] = []
    }

    /// For how long it is known what the clock showed before.
    private static let memory = Duration.seconds(60)

    private init(file: String, preloaded: String?) {
        self.file = file
        self.preloaded = preloaded
        movable = preloaded != nil
    }

    /// - Parameter folder: Where the file with the offset is kept.
    /// - Throws: `BedError` when the clock is to be movable and libfaketime is not installed.
    package static func make(folder: String, movable: Bool, programs: Programs) throws -> SubjectClock {
        // Ours first: it answers for the timers that libfaketime would move.
        let preloaded = movable ? "\(try programs.library("MonotonicTimers")):\(try findLibrary())" : nil
        let clock = SubjectClock(file: "\(folder)/clock", preloaded: preloaded)
        if movable { try clock.write(0) }
        return clock
    }

    /// Seconds that the subjects' clock is ahead of the bed's.
    package var offset: Double { state.withLock { $0.offset } }

    /// The subjects' time now, in seconds since 1970.
    package var now: Double { Date().timeIntervalSince1970 + offset }

    /// - Throws: `BedError` when the clock cannot be moved.
    package func set(offset: Double) throws {
        guard movable else { throw BedError("this scenario moves the clock, but its subjects were started on real time") }
        try move(to: offset) { try write(offset) }
    }

    /// Has the clock show a moment, and stand still: seconds since 1970.
    package func stop(at moment: Int) throws {
        guard movable else { throw BedError("this scenario stops the clock, but its subjects were started on real time") }
        var (seconds, parts) = (time_t(moment), tm())
        guard localtime_r(&seconds, &parts) != nil else { throw BedError("there is no such moment: \(moment)") }
        // libfaketime reads a local time; one without a sign or an at before it does not go on.
        var text = [CChar](repeating: 0, count: 32)
        guard strftime(&text, text.count, "%Y-%m-%d %H:%M:%S", &parts) > 0 else { throw BedError("there is no such moment: \(moment)") }
        try move(to: Double(moment) - Date().timeIntervalSince1970) {
            try write(text: String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
    }

    /// Moves the clock so that it now shows that many seconds since 1970.
    package func set(to time: Double) throws {
        try set(offset: time - Date().timeIntervalSince1970)
    }

    /// What the subjects' clock, or one of them, may have shown in the last so many seconds, at most a minute, had they not gone by:
    /// the present time alone, unless it has been moved since. In seconds since 1970.
    package func times(inTheLast seconds: Double) -> ClosedRange<Double> {
        let start = ContinuousClock.now.advanced(by: .seconds(-seconds))
        let offsets = state.withLock { state in [state.offset] + state.seen.filter { $0.until >= start }.map(\.offset) }
        let now = Date().timeIntervalSince1970
        return now + (offsets.min() ?? 0)...now + (offsets.max() ?? 0)
    }

    /// While it is written nobody knows which of the two a subject sees.
    private func move(to offset: Double, _ write: () throws -> Void) throws {
        let before = self.offset
        note([before, offset])
        try write()
        state.withLock { $0.offset = offset }
        note([before])
    }

    private func note(_ offsets: [Double]) {
        let now = ContinuousClock.now
        state.withLock { state in
            state.seen.removeAll { now - $0.until > Self.memory || offsets.contains($0.offset) }
            state.seen += offsets.map { ($0, now) }
        }
    }

    /// The variables a subject is started with.
    package var environment: [String: String] {
        guard let preloaded else { return [:] }
        return [
            "LD_PRELOAD": preloaded, "FAKETIME_TIMESTAMP_FILE": file, "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            // Files keep their dates: a clock that is moved must not look like files that were changed.
            "NO_FAKE_STAT": "1",
            // Names of nothing, which the library replaces by its own. A variable that it had to add would move the environment
            // while the program is loaded, and a Swift program, which looks for its arguments before that, would find none.
            "FAKETIME_SHARED": "/faketime_sem_0 /faketime_shm_0",
        ]
    }

    /// libfaketime leaves its shared memory behind when a process is killed.
    package static func cleanUp(after pid: Int) {
        for name in ["faketime_shm_\(pid)", "sem.faketime_sem_\(pid)"] {
            try? FileManager.default.removeItem(atPath: "/dev/shm/\(name)")
        }
    }

    /// The same for every process that has gone, such as the short-lived ones of administration commands.
    package static func cleanUpAfterTheDead() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/dev/shm")) ?? [] {
            guard name.hasPrefix("faketime_shm_") || name.hasPrefix("sem.faketime_sem_"),
                let pid = name.split(separator: "_").last.flatMap({ Int($0) }),
                !FileManager.default.fileExists(atPath: "/proc/\(pid)")
            else { continue }
            cleanUp(after: pid)
        }
    }

    /// Replaced by rename: a reader sees the old offset or the new one, never half of one.
    private func write(_ offset: Double) throws {
        try write(text: (offset < 0 ? "" : "+") + String(format: "%.3f", offset))
    }

    private func write(text: String) throws {
        do {
            try Files.write(Array(text.utf8), to: file, isDurable: false)
        } catch {
            throw BedError("cannot move the clock: \(error)")
        }
    }

    private static func findLibrary() throws -> String {
        let roots = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
        for folder in roots.sorted().map({ "/usr/lib/\($0)/faketime" }) + ["/usr/lib/faketime", "/usr/local/lib/faketime"] {
            let path = "\(folder)/libfaketimeMT.so.1"
            if FileManager.default.fileExists(atPath: path) { return path }
        }
        throw BedError("libfaketime is not installed, and this scenario moves the clock: install the package faketime")
    }
}
