package import Foundation

/// Files whose loss or half-written state would be a lie.
package enum Files {
    static func read(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else { throw ForgingError.request("\(path) cannot be read") }
        return String(decoding: data, as: UTF8.self)
    }

    /// Replaces a file as one act: whoever reads sees the old or the new, whole, even after a power failure.
    /// - Parameters:
    ///   - mode: Its permissions from the first moment.
    ///   - isDurable: Whether it is on the disk before it is put in its place; else only other processes see it whole.
    static func write(_ text: String, to path: String, mode: mode_t = 0o644, isDurable: Bool = true) throws {
        try write(Array(text.utf8), to: path, mode: mode, isDurable: isDurable)
    }

    /// Makes a new file, without waiting until it would outlast a power failure.
    /// - Parameter mode: Its permissions from the first moment.
    static func create(_ text: String, at path: String, mode: mode_t = 0o644) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("write \(path)") }
        defer { close(file) }
        try append(Array(text.utf8), to: file, path)
    }

    /// The same of octets.
    ///
    /// - Throws: `ForgingError`.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644, isDurable: Bool = true) throws {
        let temporary = "\(path).\(TokenForge.randomIdentifier())"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("write \(path)") }
        do {
            defer { close(file) }
            try append(bytes, to: file, path)
            guard !isDurable || fsync(file) == 0 else { throw failure("write \(path)") }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let error = failure("write \(path)")
            unlink(temporary)
            throw error
        }
    }

    /// Copies a file with its permissions.
    static func copy(_ path: String, to place: String) throws {
        do { try FileManager.default.copyItem(atPath: path, toPath: place) } catch {
            throw ForgingError("could not copy \(path): \(error.localizedDescription)")
        }
    }

    static func append(_ bytes: [UInt8], to file: Int32, _ path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write \(path)") }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes a folder that only its owner can enter.
    static func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ForgingError("could not make the folder \(path): \(error.localizedDescription)")
        }
    }

    /// Runs while nobody else, in this process or another, holds the lock. The lock goes with its holder.
    static func locked<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("lock \(path)") }
        defer { close(file) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure("lock \(path)") }
        }
        return try body()
    }

    static func failure(_ act: String) -> ForgingError {
        ForgingError("could not \(act): \(String(cString: strerror(errno)))")
    }
}
