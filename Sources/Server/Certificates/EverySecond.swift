import ServiceLifecycle

/// Does something every second, beside everything else, until the server stops.
struct EverySecond: Service {
    let action: @Sendable () async -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(1))) != nil { await action() }
        }
    }
}
