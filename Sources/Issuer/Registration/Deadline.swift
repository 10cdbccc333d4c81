/// An end to waiting for what may not end by itself.
enum Deadline {
    /// - Returns: What the operation returned; nil when that took too long. It is cancelled then, and not waited for.
    static func race<Value: Sendable>(_ limit: Duration, _ operation: @escaping @Sendable () async -> Value) async -> Value? {
        let (results, result) = AsyncStream.makeStream(of: Value?.self, bufferingPolicy: .bufferingOldest(1))
        let work = Task { result.yield(await operation()) }
        let alarm = Task {
            // Not the suspending clock: a machine that slept has waited long enough.
            try? await Task.sleep(for: limit, clock: .continuous)
            result.yield(nil)
        }
        var first: Value?
        for await value in results {
            first = value
            break
        }
        work.cancel()
        alarm.cancel()
        return first
    }
}
