import Judge
import Reports
import Scenarios
import Testing
import Trace

/// Traces of several cells, and what a report is made of, put together by hand.
enum ReportInputs {
    static let table = TableDefinition(
        families: [
            .init(id: "keys", title: "API keys", schemes: ["api-key"]), .init(id: "tokens", title: "Tokens", schemes: ["oauth-jwt"]),
        ],
        rows: [
            .init(
                id: "open", title: "Open for", factor: "Revocation speed", about: "How long it <stays>.",
                cells: [.init(schemes: nil, words: "{window-fresh}")],
                claims: [
                    .init(
                        family: "keys", says: "Immediate", holds: [.measure("window-fresh", atLeast: nil, atMost: .value(1))], depends: nil,
                        line: 1)
                ], line: 1),
            .init(
                id: "refused", title: "Refused", factor: nil,
                cells: [.init(schemes: nil, words: "{refused-fresh} refused, {check:story.stays}")], claims: [], line: 1),
        ])

    static var catalogue: Catalogue {
        var catalogue = Catalogue()
        catalogue.table = table
        catalogue.schemes = [.keys, .tokens]
        catalogue.requirements = [
            Requirement(
                id: "story.stays", role: .server, level: .must, clause: "RFC 7009 section 2.1; <b>", rule: "It stays \"revoked\".",
                why: "Otherwise <it> comes back.", line: 1)
        ]
        catalogue.defects = [Defect(id: "server/x", role: .server, bends: "Something <b>bent</b>.", kills: ["story.stays"])]
        return catalogue
    }

    /// A whole trace of the cells, in that order.
    static func trace(_ cells: [TraceBuilder], shard: String? = nil) throws -> RecordedRun {
        var events = try #require(cells.first).events.filter { $0.cell == nil && $0.run != nil }
        events[0].run?.shard = shard
        events[0].run?.commandLine = ["run"] + (shard.map { ["--shard", $0] } ?? [])
        for cell in cells { events += cell.events.filter { $0.cell != nil } }
        events += cells[0].events.filter { $0.runEnded != nil }
        events[events.count - 1].runEnded = RunEnded(cells: cells.count, interrupted: false)
        for index in events.indices { events[index].n = index + 1 }
        return RecordedRun(run: try #require(events[0].run), events: events)
    }

    static func input(_ cells: [TraceBuilder], proven: Set<String>? = nil) throws -> ReportInput {
        let trace = try trace(cells), catalogue = catalogue
        let results = try Judge.judge(trace, requirements: catalogue.requirements, table: catalogue.table)
        var keys = ReportInput.Throughput(scheme: "api-key", perSecond: 500, ratio: 0.5, lowest: 0.4, highest: 0.6)
        keys.latency = ReportInput.Latency(median: 480, lowest: 470, highest: 510, most: 1250)
        keys.refusedPerSecond = 1000
        return ReportInput(
            results: results, trace: trace, catalogue: catalogue, proven: proven,
            throughput: [.init(scheme: "off", perSecond: 1000, ratio: 1, lowest: 1, highest: 1), keys])
    }

    /// The story in the schemes, with the text of requests and answers.
    static func stories(_ schemes: [Scheme], sent: String = "POST https://127.0.0.1:4000/mcp", received: String = "HTTP 401") throws
        -> [TraceBuilder]
    {
        try schemes.map { scheme in
            var trace = try revocationTrace(scheme)
            trace.edit { _ in
                true
            } change: {
                $0.sent = "\(sent)\nAuthorization: Bearer \($0.credential)…[redacted #0000abcd]"
                $0.received = $0.outcome == .accepted ? "HTTP 200" : received
            }
            return trace
        }
    }
}
