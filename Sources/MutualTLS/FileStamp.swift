#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Which version of a file it is; a writer that replaces the file changes the inode.
package struct FileStamp: Sendable, Hashable {
    private let seconds: Int
    private let nanoseconds: Int
    private let size: Int64
    private let inode: UInt64

    /// Nil where there is no such file.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
        size = Int64(status.st_size)
        inode = UInt64(status.st_ino)
    }
}
