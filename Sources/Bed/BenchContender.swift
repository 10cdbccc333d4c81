import Probing

/// One server in a bench, and how it is called.
struct BenchContender: Sendable {
    var name: String
    /// By ordinal: a proof of possession is good for one request.
    var request: @Sendable (Int) -> ProbeRequest
    /// The same with a wrong credential; nil where the request carries none.
    var refused: (@Sendable (Int) -> ProbeRequest)?
    var identity: ClientIdentity?
    var ca: String
    /// The session that all of its processes belong to, by the number of its leader.
    var session: Int
}
