import Bed
import Foundation
import Subprocess
import Testing

@Suite("The subjects' clock")
struct SubjectClockTests {
    /// Prints the year, and whether a sleep, and a timer on the monotonic clock, came to their end and not before.
    static let script = """
        import ctypes, os, select, struct, time
        print(time.gmtime().tm_year)
        begin = time.monotonic()
        time.sleep(0.01)
        print(time.monotonic() - begin >= 0.01)
        libc = ctypes.CDLL(None)
        timer = libc.timerfd_create(1, 0)
        due = time.monotonic_ns() + 20_000_000
        value = struct.pack("qqqq", 0, 0, due // 1_000_000_000, due % 1_000_000_000)
        print(libc.timerfd_settime(timer, 1, value, None))
        ready, _, _ = select.select([timer], [], [], 30)
        print(ready == [timer] and time.monotonic_ns() >= due)
        """

    /// The folder the programs and libraries were built into.
    static var built: String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return root.appendingPathComponent(".build/release").path
    }

    private func clock<Value>(_ body: (SubjectClock) async throws -> Value) async throws -> Value {
        let folder = NSTemporaryDirectory() + "authbed-clock-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(try SubjectClock.make(folder: folder, movable: true, programs: Programs(folder: Self.built)))
    }

    @Test("moves what a program takes for the date, and leaves alone what it waits by")
    func movesTheDateAlone() async throws {
        try await clock { clock in
            try clock.set(to: 4_102_444_800 + 86400)  // the second day of 2100
            let environment = Environment.inherit.updating(
                Dictionary(uniqueKeysWithValues: clock.environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }))
            let result = try await Subprocess.run(
                .name("python3"), arguments: ["-c", Self.script], environment: environment, output: .string(limit: 4096),
                error: .string(limit: 4096))
            #expect(result.standardOutput == "2100\nTrue\n0\nTrue\n", "\(result.standardError)")
        }
    }

    @Test("knows what it has shown of late, whichever way it was moved")
    func knowsWhatItShowed() async throws {
        let length = { (range: ClosedRange<Double>) in (range.upperBound - range.lowerBound).rounded() }
        try await clock { clock in
            #expect(length(clock.times(inTheLast: 60)) == 0)
            try clock.set(offset: 3600)
            try clock.set(offset: -60)
            let times = clock.times(inTheLast: 60)
            #expect(length(times) == 3660)
            #expect(times.contains(clock.now))
            #expect(times.contains(clock.now + 3600))
            #expect(length(clock.times(inTheLast: 0)) == 0)
        }
    }

    @Test("is real time for a scenario that does not move it")
    func staysReal() throws {
        let clock = try SubjectClock.make(folder: "/nowhere", movable: false, programs: Programs(folder: "/nowhere"))
        #expect(clock.environment.isEmpty)
        #expect(throws: BedError.self) { try clock.set(offset: 1) }
    }
}
