import Probing
import Scenarios
import Trace

/// Calls, by the bed and by clients under test.
extension StoryRunner {
    func call(
        _ label: String, _ with: [String], _ channel: Verb.Channel, _ connection: String?, _ tool: String, _ times: Int,
        _ props: inout Props
    ) async throws {
        let kept = connection.flatMap { props.kept[$0] }
        if connection != nil, kept == nil {
            // The connection was not offered in this scheme, and the trace says so already.
            return
        }
        let tap = connection.flatMap { props.taps[$0] }
        var octets = [tap?.octets ?? 0]
        var ordinal = 0
        var newest = 0
        for name in with {
            var credential = try kept?.credential ?? find(name, props)
            if channel == .replica { credential.session = nil }
            let probe = kept?.probe ?? stage.probe(for: credential)
            for _ in 0..<times {
                let event = await stage.maker.call(
                    PlannedCall(
                        set: label, ordinal: ordinal, credential: credential, channelName: kept == nil ? channel.rawValue : "kept",
                        channel: kept == nil ? .newConnection : .kept, tool: tool, url: kept?.url ?? world.serverURL,
                        connectTo: channel == .replica ? world.replica : kept?.connectTo, keepText: true), with: probe)
                if tool == "canary.write", event.outcome == .accepted || props.wroteCanary == nil { props.wroteCanary = credential }
                ordinal += 1
                if event.newestCertificate == true { newest += 1 }
                if let tap { octets.append(tap.octets) }
            }
        }
        weigh(label, octets)
        if world.serverCertificate != nil { stage.fact("\(label).newest-certificate", Double(newest), unit: "calls") }
    }

    /// What the first call over a connection took on the wire, its handshake included, and what each of the next took.
    ///
    /// The second is left out: what a server sends on its own after a handshake, tickets for example, comes with it.
    private func weigh(_ label: String, _ octets: [Int]) {
        guard octets.count > 3 else { return }
        stage.fact("\(label).first-bytes", Double(octets[1] - octets[0]), unit: "bytes")
        stage.fact("\(label).next-bytes", Double((octets[octets.count - 1] - octets[2]) / (octets.count - 3)), unit: "bytes")
    }

    /// Calls by the clients under test, all at the same moment.
    ///
    /// - Parameter processes: How many clients there are to each credential; they stay for the steps that follow.
    func callByClients(_ label: String, _ with: [String], _ tool: String, _ times: Int, _ processes: Int, _ props: inout Props) async throws
    {
        for name in with {
            let credential = try find(name, props)
            var clients = props.clients[name] ?? []
            while clients.count < processes { clients.append(try await stage.startClient(for: credential, server: world.serverURL)) }
            props.clients[name] = clients
            let callers = clients.prefix(processes)
            let outcomes = try await withThrowingTaskGroup(of: (events: [CallEvent], tokenRequests: Int).self) { group in
                for (index, client) in callers.enumerated() {
                    group.addTask {
                        try await stage.callByClient(
                            client, set: label, credential: credential, tool: tool, parallel: times, first: index * times)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for event in outcomes.flatMap(\.events).sorted(by: { $0.ordinal < $1.ordinal }) {
                stage.trace.write(cell: cell.id) { $0.call = event }
            }
            stage.fact("\(name).token-requests", Double(outcomes.map(\.tokenRequests).reduce(0, +)), unit: "requests")
        }
    }
}

/// How many requests the front of the issuer has seen.
struct FrontCount {
    var token: Int
    var authorization: Int

    /// Nil where nothing stands before the issuer.
    init?(_ world: CellWorld) async throws {
        guard let front = world.front else { return nil }
        token = front.requests(for: try await world.issuerEndpoint("token_endpoint"))
        authorization = front.requests(for: try await world.issuerEndpoint("authorization_endpoint"))
    }

    func since(_ earlier: FrontCount) -> FrontCount {
        var count = self
        count.token -= earlier.token
        count.authorization -= earlier.authorization
        return count
    }
}
