package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One directory as a tool may see it: relative paths inside it, and no way out.
///
/// Every component is opened from the directory before it with `O_NOFOLLOW`, so that neither `..` nor a symbolic link,
/// not even one put there in the middle of the walk, leads outside; a check of the path's text could be raced.
package final class FileRoot: Sendable {
    /// The longest file read or written, in bytes.
    package static let maximumSize = 1 << 20
    private static let maximumPathLength = 1024
    private let root: CInt

    /// - Throws: `Errno` when the directory cannot be opened.
    package init(path: String) throws(Errno) {
        root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard root >= 0 else { throw Errno(rawValue: errno) }
    }

    deinit {
        close(root)
    }

    /// The text of a regular file in UTF-8.
    package func read(_ path: String) throws(ToolFailure) -> String {
        let (directory, name) = try openParent(of: path)
        defer { close(directory) }
        // Without O_NONBLOCK, opening a named pipe would wait for a writer.
        let file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0)
        guard file >= 0 else { throw Self.failure(errno) }
        defer { close(file) }
        let size = try Self.sizeOfRegularFile(file)
        guard size <= Self.maximumSize else { throw ToolFailure("the file is larger than \(Self.maximumSize) bytes") }
        var bytes: [UInt8] = []
        do {
            try FileDescriptor(rawValue: file).readAll(into: &bytes, upTo: Self.maximumSize)
        } catch {
            throw ToolFailure("the file cannot be read")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw ToolFailure("the file is not text in UTF-8") }
        return text
    }

    /// Replaces a file, or makes a new one, as a whole: on a full disk the old content stays.
    package func write(_ text: String, to path: String) throws(ToolFailure) {
        guard text.utf8.count <= Self.maximumSize else { throw ToolFailure("content is larger than \(Self.maximumSize) bytes") }
        let (directory, name) = try openParent(of: path)
        defer { close(directory) }
        try Self.checkTarget(directory, name)
        let temporary = ".write-\(UInt64.random(in: .min ... .max))"
        let file = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure(errno) }
        do {
            let descriptor = FileDescriptor(rawValue: file)
            try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
        } catch {
            unlinkat(directory, temporary, 0)
            throw ToolFailure("the file cannot be written")
        }
        // Renaming replaces a link that was put there meanwhile instead of following it.
        guard renameat(directory, temporary, directory, name) == 0 else {
            let reason = errno
            unlinkat(directory, temporary, 0)
            throw Self.failure(reason)
        }
    }

    /// The directory a path's last component is in, opened, and that component.
    private func openParent(of path: String) throws(ToolFailure) -> (directory: CInt, name: String) {
        let components = try Self.components(of: path)
        var directory = dup(root)
        guard directory >= 0 else { throw ToolFailure("the directory cannot be opened") }
        for component in components.dropLast() {
            let next = openat(directory, component, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
            let reason = errno
            close(directory)
            guard next >= 0 else { throw Self.failure(reason) }
            directory = next
        }
        return (directory, components.last ?? "")
    }

    private static func components(of path: String) throws(ToolFailure) -> [String] {
        guard !path.isEmpty, path.utf8.count <= maximumPathLength, !path.utf8.contains(0), !path.hasPrefix("/") else {
            throw ToolFailure("path must be relative to the served directory")
        }
        let components = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard components.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
            throw ToolFailure("path must not contain empty parts, . or ..")
        }
        return components
    }

    /// An existing target must be a regular file.
    private static func checkTarget(_ directory: CInt, _ name: String) throws(ToolFailure) {
        let status: Stat
        do {
            status = try FilePath(name).stat(relativeTo: FileDescriptor(rawValue: directory), flags: .symlinkNoFollow)
        } catch {
            if error == .noSuchFileOrDirectory { return }
            throw failure(error.rawValue)
        }
        guard status.type == .regular else { throw notRegular }
    }

    private static func sizeOfRegularFile(_ file: CInt) throws(ToolFailure) -> Int {
        let status: Stat
        do {
            status = try FileDescriptor(rawValue: file).stat()
        } catch {
            throw failure(error.rawValue)
        }
        guard status.type == .regular else { throw notRegular }
        return Int(status.size)
    }

    private static let notRegular = ToolFailure("not a regular file inside the served directory")

    private static func failure(_ code: CInt) -> ToolFailure {
        switch code {
        case ENOENT: ToolFailure("no such file")
        // A link, or a file where a directory should be: the same words for both.
        case ELOOP, ENOTDIR, ENXIO: notRegular
        case EISDIR: notRegular
        case ENOSPC, EDQUOT: ToolFailure("the disk is full")
        default: ToolFailure("the file cannot be opened")
        }
    }
}

extension FileDescriptor {
    /// Reads to the end, or to the limit.
    fileprivate func readAll(into bytes: inout [UInt8], upTo limit: Int) throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let room = limit - bytes.count
            let count = try buffer.withUnsafeMutableBytes { try read(into: UnsafeMutableRawBufferPointer(rebasing: $0.prefix(room))) }
            if count == 0 { return }
            bytes.append(contentsOf: buffer.prefix(count))
        }
    }
}
