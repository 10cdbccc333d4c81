import Dispatch
import Glibc

/// The octets that begin a TLS connection, and what the peer makes of them, with no TLS library on this side: none still offers
/// what a server must turn down.
package enum TLSExchange {
    /// Versions of TLS that a ClientHello can name as the highest it speaks.
    package enum Version: Sendable, Hashable {
        case ssl3, tls10, tls11, tls12

        fileprivate var octets: [UInt8] {
            switch self {
            case .ssl3: [3, 0]
            case .tls10: [3, 1]
            case .tls11: [3, 2]
            case .tls12: [3, 3]
            }
        }
    }

    /// A ClientHello that is right but for its version (RFC 5246 section 7.4.1.2): the usual cipher suites, curves and signatures.
    package static func hello(_ version: Version) -> [UInt8] {
        let random = (0..<32).map { _ in UInt8.random(in: 0...255) }
        // ECDHE with AES in GCM and CBC mode, for keys of both kinds; TLS before 1.2 has the latter only.
        let suites: [UInt8] = [0xC0, 0x2B, 0xC0, 0x2F, 0xC0, 0x09, 0xC0, 0x13, 0xC0, 0x0A, 0xC0, 0x14, 0x00, 0x2F, 0x00, 0x35]
        let curves: [UInt8] = [0, 10, 0, 6, 0, 4, 0, 23, 0, 24]
        let points: [UInt8] = [0, 11, 0, 2, 1, 0]
        let signatures: [UInt8] = [0, 13, 0, 8, 0, 6, 4, 3, 4, 1, 2, 1]
        let extensions = version == .ssl3 ? [] : curves + points + (version == .tls12 ? signatures : [])
        var body = version.octets + random + [0] + sized(suites) + [1, 0]
        if !extensions.isEmpty { body += sized(extensions) }
        let message: [UInt8] = [1, 0] + sized(body)
        return [22] + (version == .ssl3 ? [3, 0] : [3, 1]) + sized(message)
    }

    /// Sends octets on plain TCP to 127.0.0.1 and waits for the first that comes back.
    ///
    /// - Parameters:
    ///   - pause: Seconds between one octet and the next; nil to send all at once.
    ///   - timeout: Seconds for the whole exchange.
    /// - Returns: `.continued` for a ServerHello, and for a peer that has neither answered nor hung up in time.
    package static func send(_ octets: [UInt8], port: Int, pause: Double? = nil, timeout: Double) async -> ProbeAnswer {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "tls-exchange").async {
                let began = MonotonicClock.nanoseconds()
                let line = PlainLine(port: port)
                let outcome = line.map { exchange(octets, $0, pause, until: began + Int64(timeout * 1e9)) }
                var answer = ProbeAnswer(
                    outcome: outcome ?? .dropped("no connection"), beginNanoseconds: began, endNanoseconds: MonotonicClock.nanoseconds())
                (answer.newConnection, answer.localPort) = (true, line?.localPort)
                continuation.resume(returning: answer)
            }
        }
    }

    private static func exchange(_ octets: [UInt8], _ line: PlainLine, _ pause: Double?, until deadline: Int64) -> ProbeAnswer.Outcome {
        var rest = pause == nil ? [] : octets[...]
        if pause == nil { line.send(octets[...]) }
        var received: [UInt8] = []
        while MonotonicClock.nanoseconds() < deadline {
            let next = pause.map { MonotonicClock.nanoseconds() + Int64($0 * 1e9) } ?? deadline
            switch line.read(until: min(next, deadline)) {
            case .bytes(let more):
                received += more
                if let outcome = outcome(received) { return outcome }
            case .ended(let isReset):
                return outcome(received) ?? .refusedInTransport(isReset ? .reset : .closed)
            case .nothingYet:
                line.send(rest.prefix(1))
                rest = rest.dropFirst()
            }
        }
        return .continued("no answer and no end within the time that it had")
    }

    /// What the first octets of an answer say; nil while there are too few.
    private static func outcome(_ received: [UInt8]) -> ProbeAnswer.Outcome? {
        if let alert = TLSAlert.plain(in: received) { return .refusedInTransport(TransportRefusal(alert: alert)) }
        guard received.count > 10 else { return nil }
        if received[0] == 22, received[5] == 2 { return .continued("ServerHello, version \(received[9]).\(received[10])") }
        if let answer = HTTPMessages.answers(in: received, ended: false).first, let status = answer.status {
            return .response(status: status, headers: answer.headers, body: answer.body)
        }
        return nil
    }

    /// With its length in two octets before it.
    private static func sized(_ octets: [UInt8]) -> [UInt8] { [UInt8(octets.count >> 8), UInt8(octets.count & 0xFF)] + octets }
}
