/// Each over a connection of its own, with a full handshake.
final class FreshCallers: LoadCallers {
    private let pool: TransferPool
    private let identity: ClientIdentity?
    private let channel: Channel

    init(ca: String?, identity: ClientIdentity?, connections: Int, channel: Channel) {
        pool = TransferPool(ca: ca, connections: connections)
        (self.identity, self.channel) = (identity, channel)
    }

    func begin(_ request: ProbeRequest, _ ended: (LoadOutcome) -> Void) {
        pool.begin(request, identity: identity, ordinal: 0, planned: 0, over: channel)
    }

    func advance(atMost nanoseconds: Int64, _ ended: (LoadOutcome) -> Void) {
        let before = pool.underWay
        pool.advance { _, answer in
            var status: Int?
            if case .response(let code, _, _) = answer.outcome { status = code }
            ended(LoadOutcome(status: status, face: answer.outcome.face, nanoseconds: answer.endNanoseconds - answer.beginNanoseconds))
        }
        if pool.underWay == before { pool.wait(atMost: nanoseconds) }
    }
}
