import class Foundation.FileManager
import class Foundation.Thread

#if canImport(Glibc)
    import Glibc
#endif

/// Shows an address to a person, by a program that the configuration names.
enum Browser {
    /// Starts the program with the address as its last argument. No shell reads either of them, and the program's end is not waited for.
    ///
    /// - Parameter ended: Called with the exit status when the program ends, -1 when a signal ended it.
    static func open(_ command: [String], address: String, ended: @escaping @Sendable (Int32) -> Void) throws(ClientError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Standard input and output are ours alone: they may carry a protocol. What the program complains of is for the operator.
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        // Nothing else is its affair: not the place where the answer is waited for, no connection, no lock.
        for descriptor in descriptors() { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals that this process handles or blocks are the program's own affair again.
        var all = sigset_t()
        sigfillset(&all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var arguments = (command + [address]).map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        guard posix_spawnp(&process, command[0], &actions, &attributes, &arguments, environ) == 0 else {
            throw .local("\(command[0]): cannot be started, to show the login page")
        }
        let started = process
        Thread.detachNewThread {
            var status: Int32 = 0
            while waitpid(started, &status, 0) == -1 { guard errno == EINTR else { return } }
            ended(status & 0x7F == 0 ? status >> 8 & 0xFF : -1)
        }
    }

    /// What is open here beyond the standard streams; in vain, and without harm, where it is closed meanwhile.
    private static func descriptors() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }.filter { $0 > STDERR_FILENO }
    }
}
