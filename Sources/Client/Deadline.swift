/// Runs a body, and gives up on it after a time by the clock that nobody moves.
func withDeadline<Value: Sendable>(
    _ limit: Duration, what: String, _ body: @escaping @Sendable () async throws(ClientError) -> Value
) async throws(ClientError) -> Value {
    let first = await withTaskGroup(of: Result<Value, ClientError>?.self) { group in
        group.addTask {
            do throws(ClientError) {
                return .success(try await body())
            } catch {
                return .failure(error)
            }
        }
        group.addTask {
            try? await Task.sleep(for: limit, clock: .suspending)
            return nil
        }
        let first = await group.next() ?? nil
        group.cancelAll()
        return first
    }
    guard let first else { throw .transport("\(what): no answer within \(limit.components.seconds) s") }
    return try first.get()
}
