#if canImport(Glibc)
    import Glibc
#endif

/// A lock between processes on one machine: `flock` on a file beside the cache. The kernel ends it with the process, however that dies.
package enum CacheLock {
    /// Tries without waiting in the kernel, so that no thread is held up, until it is free.
    ///
    /// - Parameter file: The lock file; it is made when it is not there, and stays: taking it away would let two processes lock two files.
    package static func take(_ file: String, within limit: Duration, clock: ClientClock) async throws(ClientError) -> CachePolicy.Release {
        // Closed in programs that this process starts: a browser must not keep the lock.
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .local("\(file): cannot be opened, and the token cache needs it as its lock") }
        let end = clock.uptime().advanced(by: limit)
        var pause = 2
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, clock.uptime() < end, !Task.isCancelled else {
                close(descriptor)
                throw .local("\(file): another process has locked the token cache for more than \(limit.components.seconds) s")
            }
            await clock.sleep(.milliseconds(Int.random(in: 1...pause)))
            pause = min(pause * 2, 64)
        }
        return { close(descriptor) }
    }
}
