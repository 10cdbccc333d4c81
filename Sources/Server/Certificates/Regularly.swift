import ServiceLifecycle

/// Does something at an interval, beside everything else, until the server stops.
struct Regularly: Service {
    let interval: Duration
    let action: @Sendable () async -> Void

    init(every interval: Duration, _ action: @escaping @Sendable () async -> Void) {
        self.interval = interval
        self.action = action
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: interval)) != nil { await action() }
        }
    }
}
