import Foundation

/// Serves a responder over HTTP on loopback (RFC 6960 appendix A): POST to any path, GET with the request in base64 behind the
/// slash, and `GET /state` for what has been answered so far. It may be a distribution point of revocation lists besides.
package final class OCSPServer: Sendable {
    /// `http://127.0.0.1:PORT`
    package let url: String
    package let schedule: OCSPSchedule

    private let responder: OCSPResponder
    private let listener: Int32
    private let lists: String?
    private let report: @Sendable (String) -> Void
    private let times: @Sendable () -> ClosedRange<Double>
    /// So many connections at once; others wait to be accepted.
    private let places = DispatchSemaphore(value: 64)

    /// Where revocation lists are to be had.
    package static let listPath = "/lists.crl"

    /// Accepts connections from now on; `run` answers them.
    /// - Parameters:
    ///   - host: An address of the loopback network.
    ///   - port: 0 for any that is free.
    ///   - lists: A file of revocation lists, to be had at `listPath`.
    ///   - report: Is told of what goes wrong in one exchange.
    ///   - times: What the clock of those who ask shows now, in seconds since 1970: more than one where it has just been moved.
    /// - Throws: `ForgingError`.
    package init(
        responder: OCSPResponder, schedule: OCSPSchedule, host: String = "127.0.0.1", port: UInt16 = 0, lists: String? = nil,
        report: @escaping @Sendable (String) -> Void, times: @escaping @Sendable () -> ClosedRange<Double> = { OCSPServer.realTime }
    ) throws {
        guard let octets = GeneralName.octets(ofAddress: host), octets[0] == 127 else {
            throw ForgingError.request("'\(host)' is no loopback address such as 127.0.0.1")
        }
        (self.responder, self.schedule, self.lists, self.report, self.times) = (responder, schedule, lists, report, times)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Files.failure("open a socket") }
        do {
            let bound = try Self.listen(listener, octets, port)
            url = "http://\(host):\(bound)"
        } catch {
            close(listener)
            throw error
        }
    }

    deinit { close(listener) }

    private static var realTime: ClosedRange<Double> {
        let now = Date().timeIntervalSince1970
        return now...now
    }

    /// Answers until `stop`.
    package func run() {
        while true {
            places.wait()
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else {
                places.signal()
                // Passing, such as a peer that has gone or too many open files; anything else is the end of listening.
                if [EINTR, ECONNABORTED, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPROTO].contains(errno) { continue }
                return
            }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            Thread.detachNewThread {
                self.serve(connection)
                close(connection)
                self.places.signal()
            }
        }
    }

    /// Ends `run`; what is being answered is still answered.
    package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve(_ connection: Int32) {
        let exchange = HTTPExchange(connection: connection)
        do {
            guard let request = try exchange.request() else { return }
            try answer(request, exchange)
        } catch let refusal as HTTPExchange.Refusal {
            exchange.answer(refusal.status, "text/plain", [])
            exchange.drain()
        } catch {
            report("\(error)")
            exchange.answer(500, "text/plain", [])
        }
    }

    private func answer(_ request: HTTPExchange.Request, _ exchange: HTTPExchange) throws {
        if request.method == "GET", request.target == "/state" {
            return exchange.answer(200, "application/json", Array((schedule.summary() + "\n").utf8))
        }
        if request.method == "GET", request.target == Self.listPath, let lists {
            // As it is now; where there is none, nothing is found.
            guard let list = FileManager.default.contents(atPath: lists) else { return exchange.answer(404, "text/plain", []) }
            return exchange.answer(200, "application/pkix-crl", Array(list))
        }
        let asked = try Self.content(request)
        let rule = schedule.next(responder.serial(in: asked))
        switch rule.answer {
        case .down: return exchange.reset()
        case .httpError: return exchange.answer(500, "text/plain", [])
        case .slow: Thread.sleep(forTimeInterval: Double(rule.milliseconds ?? 0) / 1000)
        default: break
        }
        exchange.answer(200, "application/ocsp-response", try responder.answer(to: asked, as: rule.answer, at: times()))
    }

    /// The request's DER, however it came.
    static func content(_ request: HTTPExchange.Request) throws -> [UInt8] {
        switch request.method {
        case "POST":
            guard request.values("content-type").map({ $0.lowercased() }) == ["application/ocsp-request"] else {
                throw HTTPExchange.Refusal(status: 415)
            }
            return request.content
        case "GET":
            // Base64 has slashes of its own, which not everybody escapes; no request begins with one.
            guard let text = String(request.target.drop { $0 == "/" }).removingPercentEncoding, !text.isEmpty,
                let content = Data(base64Encoded: text)
            else { throw HTTPExchange.Refusal(status: 400) }
            return [UInt8](content)
        default: throw HTTPExchange.Refusal(status: 405)
        }
    }

    /// - Returns: The port.
    private static func listen(_ listener: Int32, _ octets: [UInt8], _ port: UInt16) throws -> UInt16 {
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = octets.reduce(0) { $0 << 8 | UInt32($1) }.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && Glibc.listen(listener, 128) == 0 && getsockname(listener, address, &size) == 0
            }
        }
        guard result else { throw Files.failure("listen on port \(port)") }
        return UInt16(bigEndian: address.sin_port)
    }
}
