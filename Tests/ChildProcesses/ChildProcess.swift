import CSpawning
package import Foundation
import Glibc
import Synchronization

/// A program in a process of its own, for tests that are not asynchronous, or that kill it.
///
/// Not Foundation's `Process`: on Linux its `run` reads past the end of a directory entry
/// (github.com/swiftlang/swift-corelibs-foundation/issues/5472), which ends the program that calls it once that has some thousand
/// files open, as many tests at the same time have.
package final class ChildProcess: Sendable {
    /// What becomes of something that the program prints.
    package enum Stream: Sendable { case read, discarded }

    /// The program could not be started.
    package struct NotStarted: Error {
        package var program: String
        package var code: Int32
    }

    package let pid: Int32
    /// The end of its standard input that is written to; closing it ends the input.
    package let input: FileHandle
    /// What it prints on standard output; nil where that is discarded.
    package let output: FileHandle?
    /// What it prints on standard error; nil where that is not read here.
    package let error: FileHandle?

    private let status = Mutex<Int32?>(nil)

    /// Starts the program, which has no other of this process's files.
    ///
    /// - Parameters:
    ///   - program: A path, or a name to be found in PATH.
    ///   - environment: All of it; nil for this process's.
    ///   - directory: Where it works; nil for this process's.
    ///   - error: Nil for this process's.
    /// - Throws: `NotStarted`.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil, directory: String? = nil, output: Stream = .read,
        error: Stream? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var given: [FileHandle] = []
        defer { for handle in given { try? handle.close() } }

        let standardInput = try Self.pipe(for: program)
        given.append(standardInput.read)
        posix_spawn_file_actions_adddup2(&actions, standardInput.read.fileDescriptor, STDIN_FILENO)
        func send(_ descriptor: Int32, _ stream: Stream?) throws -> FileHandle? {
            switch stream {
            case nil: return nil
            case .discarded:
                posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
                return nil
            case .read:
                let pipe = try Self.pipe(for: program)
                given.append(pipe.write)
                posix_spawn_file_actions_adddup2(&actions, pipe.write.fileDescriptor, descriptor)
                return pipe.read
            }
        }
        self.output = try send(STDOUT_FILENO, output)
        self.error = try send(STDERR_FILENO, error)
        input = standardInput.write
        cspawning_close_from(&actions, STDERR_FILENO + 1)
        if let directory { cspawning_directory(&actions, directory) }
        pid = try Self.spawn(program, arguments, environment, &actions)
    }

    /// Waits until it has ended.
    ///
    /// - Returns: Its exit status, or the signal that ended it, as a negative number.
    @discardableResult
    package func wait() -> Int32 {
        if let status = status.withLock({ $0 }) { return status }
        var facts = siginfo_t()
        // It keeps its number until it is asked for its status below.
        while waitid(P_PID, id_t(pid), &facts, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        return status.withLock { status in
            if let status { return status }
            var word: Int32 = 0
            while waitpid(pid, &word, 0) == -1, errno == EINTR {}
            let ended = word & 0x7F == 0 ? word >> 8 & 0xFF : -(word & 0x7F)
            status = ended
            return ended
        }
    }

    /// Ends it as a power cut would, unless it has ended by itself, and waits until it is gone.
    package func kill() {
        status.withLock { if $0 == nil { _ = Glibc.kill(pid, SIGKILL) } }
        wait()
    }

    /// All that it prints until it ends.
    package static func run(_ program: String, _ arguments: [String], input: String = "") throws -> (
        status: Int32, output: String, error: String
    ) {
        let child = try ChildProcess(program, arguments, error: .read)
        try child.input.write(contentsOf: Data(input.utf8))
        try child.input.close()
        // One after the other: what tests have programs complain of fits into a pipe.
        let texts = try [child.output, child.error].map { String(decoding: try $0?.readToEnd() ?? Data(), as: UTF8.self) }
        return (child.wait(), texts[0], texts[1])
    }

    private static func pipe(for program: String) throws -> (read: FileHandle, write: FileHandle) {
        var ends: [Int32] = [-1, -1]
        guard cspawning_pipe(&ends) == 0 else { throw NotStarted(program: program, code: errno) }
        return (FileHandle(fileDescriptor: ends[0], closeOnDealloc: true), FileHandle(fileDescriptor: ends[1], closeOnDealloc: true))
    }

    private static func spawn(
        _ program: String, _ arguments: [String], _ environment: [String: String]?, _ actions: inout posix_spawn_file_actions_t
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals that this process handles or blocks are the program's own affair.
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var settings = (environment ?? ProcessInfo.processInfo.environment).map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in words + settings { free(word) } }
        var pid = pid_t()
        let result = posix_spawnp(&pid, program, &actions, &attributes, &words, &settings)
        guard result == 0 else { throw NotStarted(program: program, code: result) }
        return pid
    }
}
