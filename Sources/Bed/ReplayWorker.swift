import Foundation
import Probing
import Subprocess
import SystemPackage

/// What the thief's process is told, on standard input: a secret has no place in an argument list.
struct ReplayOrder: Codable, Sendable {
    /// Recorded bytes to send as they are to a port on 127.0.0.1, base64.
    var bytes: String?
    var port: Int
    /// Or a request of the thief's own, with what he stole in it.
    var request: StolenRequest?
    /// Whether it is sent as early data, over a session that is resumed.
    var isEarly: Bool?
    var ca: String
    var certificate: String?
    var key: String?
    var times: Int

    struct StolenRequest: Codable, Sendable {
        var method: String
        var url: String
        var headers: [[String]]
        var body: String

        init(_ request: ProbeRequest) {
            (method, url, body) = (request.method, request.url, String(decoding: request.body, as: UTF8.self))
            headers = request.headers.map { [$0.name, $0.value] }
        }
    }
}

/// What came of one replay, as the thief's process reports it. Its clock is the machine's monotonic one, like the bed's.
struct ReplayReport: Codable, Sendable {
    var status: Int?
    var headers: [[String]]
    var body: String
    var alertName: String?
    var face: String?
    var dropped: String?
    var begin: Int64
    var end: Int64
    var localPort: Int?

    init(_ answer: ProbeAnswer) {
        (headers, body, begin, end, localPort) = ([], "", answer.beginNanoseconds, answer.endNanoseconds, answer.localPort)
        switch answer.outcome {
        case .response(let status, let fields, let bytes):
            self.status = status
            headers = fields.map { [$0.name, $0.value] }
            body = String(decoding: bytes.prefix(4096), as: UTF8.self)
        case .refusedInTransport(let refusal): (alertName, face) = (refusal.alertName, refusal.face)
        case .dropped(let why), .continued(let why): dropped = why
        }
    }

    var answer: ProbeAnswer {
        let outcome: ProbeAnswer.Outcome =
            if let status {
                .response(
                    status: status, headers: headers.compactMap { $0.count == 2 ? ProbeHeader(name: $0[0], value: $0[1]) : nil },
                    body: Array(body.utf8))
            } else if let dropped {
                .dropped(dropped)
            } else {
                .refusedInTransport(TransportRefusal(alert: nil, alertName: alertName, face: face ?? "closed"))
            }
        var answer = ProbeAnswer(outcome: outcome, beginNanoseconds: begin, endNanoseconds: end)
        answer.newConnection = true
        answer.localPort = localPort
        return answer
    }
}

/// Replays what was stolen: in this process, or in another one.
package enum ReplayWorker {
    /// The body of `authbed replay-worker`: one order on standard input, one array of reports on standard output.
    package static func main() async throws {
        let input = FileHandle.standardInput.readDataToEndOfFile()
        let reports = await perform(try JSONDecoder().decode(ReplayOrder.self, from: input))
        FileHandle.standardOutput.write(try JSONEncoder().encode(reports))
    }

    static func perform(_ order: ReplayOrder) async -> [ReplayReport] {
        let identity = order.certificate.flatMap { certificate in order.key.map { ClientIdentity(certificate: certificate, key: $0) } }
        if let text = order.bytes, let bytes = Data(base64Encoded: text) {
            // At the same time: a TLS server takes its time to give up on bytes it cannot read.
            return await withTaskGroup(of: ReplayReport.self) { group in
                for _ in 0..<order.times {
                    group.addTask { ReplayReport(await RawExchange.send(Array(bytes), port: order.port, timeout: 5)) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
        }
        guard let stolen = order.request else { return [] }
        let request = ProbeRequest(
            method: stolen.method, url: stolen.url,
            headers: stolen.headers.compactMap { $0.count == 2 ? ProbeHeader(name: $0[0], value: $0[1]) : nil },
            body: Array(stolen.body.utf8))
        if order.isEarly == true {
            return await EarlyData.send(request, times: order.times, to: order.port, ca: order.ca, identity: identity, timeout: 5).map(
                ReplayReport.init)
        }
        let probe = Probe(ca: order.ca, identity: identity)
        var reports: [ReplayReport] = []
        while reports.count < order.times {
            reports.append(ReplayReport(await probe.send(request, over: .newConnection)))
            // A server that hangs would be waited for each time.
            if reports.count == Patience.limit, reports.allSatisfy({ $0.dropped != nil }) { break }
        }
        return reports
    }

    static func performElsewhere(_ order: ReplayOrder) async throws -> [ReplayReport] {
        let spec = ProcessSpec(role: "thief", command: [Programs.own(), "replay-worker"], environment: [:])
        let input = try JSONEncoder().encode(order)
        let result = try await Subprocess.run(
            spec.configuration(), input: .array(Array(input)), output: .bytes(limit: 1 << 22), error: .string(limit: 1 << 14))
        guard result.terminationStatus.isSuccess,
            let reports = try? JSONDecoder().decode([ReplayReport].self, from: Data(result.standardOutput))
        else { throw BedError("the replaying process failed: \(result.terminationStatus)", lastLines: [result.standardError]) }
        return reports
    }
}
