import Synchronization

/// What SIGHUP does, once it is known.
final class ReloadAction: Sendable {
    private let action = Mutex<(@Sendable () async throws -> Void)?>(nil)

    func set(_ action: @escaping @Sendable () async throws -> Void) {
        self.action.withLock { $0 = action }
    }

    func run() async throws {
        try await action.withLock { $0 }?()
    }
}
