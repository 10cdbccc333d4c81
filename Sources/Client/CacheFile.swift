import struct Foundation.FileAttributeKey
import struct Foundation.FileAttributeType
import class Foundation.FileManager
import class Foundation.NSNumber

#if canImport(Glibc)
    import Glibc
#endif

/// The file of a token cache: read whole, and replaced whole, so that a process that dies leaves the old one or the new one.
struct CacheFile: Sendable {
    let path: String
    let mode: UInt32
    let report: @Sendable (String) -> Void

    /// An absent file is an empty cache. What is none is an error, and stays as it is: it may be somebody's only copy of something.
    func read() throws(ClientError) -> CacheContent {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        if descriptor < 0, errno == ENOENT { return CacheContent() }
        guard descriptor >= 0 else { throw failure(errno == ELOOP ? "is a link; name the file itself" : "cannot be read") }
        defer { close(descriptor) }
        try inspect()
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("cannot be read") }
            if count == 0 { break }
            content += buffer[..<count]
        }
        do {
            return try CacheContent(parsing: content)
        } catch {
            throw failure("\(error.message); it is left as it is: move it away, or name another file")
        }
    }

    /// Written beside, brought to the disk, and put in the old one's place.
    func write(_ content: CacheContent) throws(ClientError) {
        removeLeftOvers()
        let temporary = "\(path).\(getpid())-\(UInt64.random(in: 0 ... .max)).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("cannot be written: no file can be made beside it") }
        let isWritten = fchmod(descriptor, mode) == 0 && Self.write(Array(content.text.utf8), to: descriptor) && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw failure("cannot be written")
        }
        syncFolder()
    }

    private func inspect() throws(ClientError) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            attributes[.type] as? FileAttributeType == .typeRegular
        else { throw failure("is not a file") }
        guard (attributes[.ownerAccountID] as? NSNumber)?.uint32Value == geteuid() else { throw failure("belongs to somebody else") }
        guard attributes[.size] as? Int ?? 0 <= 8 << 20 else { throw failure("is too large for a token cache") }
        if let mode = attributes[.posixPermissions] as? Int, mode & 0o077 != 0 {
            report("\(path): others on this machine may read this token cache; it is made private when it is next written")
        }
    }

    /// What processes that were killed while they wrote have left: it holds tokens.
    private func removeLeftOvers() {
        let (folder, name) = parts
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for other in names where other.hasPrefix("\(name).") && other.hasSuffix(".tmp") {
            guard let process = pid_t(other.dropFirst(name.count + 1).prefix { $0 != "-" }), kill(process, 0) != 0, errno == ESRCH else {
                continue
            }
            unlink("\(folder)/\(other)")
        }
    }

    private var parts: (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// The new name must survive a power cut too.
    private func syncFolder() {
        let descriptor = open(parts.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private func failure(_ what: String) -> ClientError { .local("\(path): \(what)") }
}
