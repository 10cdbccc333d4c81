import Foundation
import ServiceLifecycle
import SystemPackage

/// Ends when standard input does, or at a graceful shutdown.
struct EndOfInput: Service {
    func run() async throws {
        let (ended, source) = AsyncStream.makeStream(of: Void.self)
        // A thread of its own: the read blocks, and would hold one of the few threads that all tasks share.
        Thread.detachNewThread {
            withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
                while let count = try? FileDescriptor.standardInput.read(into: buffer), count > 0 {}
            }
            source.finish()
        }
        for await _ in ended.cancelOnGracefulShutdown() {}
    }
}
