import Server
import Synchronization

/// The body of a request, which can be read once, for several readers.
final class BodyOnce: Sendable {
    /// Somebody wants the rest of a body that the right server did not wait for.
    struct Unfinished: Error {}

    /// How long defects may keep the right server's answer back: what is whole has long been there.
    private static let patience = Duration.milliseconds(300)

    private let body = Mutex<Result<[UInt8], any Error>?>(nil)

    /// Nil where it was not read, or could not be.
    var wasRead: [UInt8]? { body.withLock { try? $0?.get() } }

    func read(_ content: RequestContent) async throws -> [UInt8] {
        if let body = body.withLock({ $0 }) { return try body.get() }
        let read: Result<[UInt8], any Error>
        do { read = .success(try await content()) } catch { read = .failure(error) }
        body.withLock { $0 = read }
        return try read.get()
    }

    /// The same, for who reads it after the right server has decided on its answer, perhaps without it.
    ///
    /// - Throws: `Unfinished` where the caller has not sent all of it yet: whoever waits for that does something else.
    func readLate(_ content: RequestContent) async throws -> [UInt8] {
        // Nothing of the group is left when it returns.
        try await withoutActuallyEscaping(content) { content in
            try await read {
                try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
                    group.addTask { try await content() }
                    group.addTask {
                        try await Task.sleep(for: Self.patience)
                        return nil
                    }
                    defer { group.cancelAll() }
                    guard let body = try await group.next() ?? nil else { throw Unfinished() }
                    return body
                }
            }
        }
    }
}
