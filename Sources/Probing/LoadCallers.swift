/// What came of one request under load.
struct LoadOutcome {
    /// Nil when no whole HTTP answer came.
    var status: Int?
    /// In a few words: see ``ProbeAnswer/Outcome/face``.
    var face: String
    var nanoseconds: Int64
}

/// Whoever asks under load, all on one thread.
protocol LoadCallers: AnyObject {
    /// - Parameter ended: Called at once when the request could not even be sent.
    func begin(_ request: ProbeRequest, _ ended: (LoadOutcome) -> Void)
    /// Waits for answers, but not beyond the time given in nanoseconds, and hands over those that are whole.
    func advance(atMost nanoseconds: Int64, _ ended: (LoadOutcome) -> Void)
}
