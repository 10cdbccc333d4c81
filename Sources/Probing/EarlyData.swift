import COpenSSL
import CShims
import Foundation

/// What TLS 1.3 lets a client send before the handshake is done (RFC 8446 section 2.3), and lets whoever records it send again.
package enum EarlyData {
    /// Calls once as usual, which saves a session, and then resumes that session, each time with the call in the first flight: also
    /// where the server has not offered that, as a hostile client would.
    ///
    /// - Parameters:
    ///   - times: How often the session is resumed with the call in early data.
    ///   - timeout: Seconds for each wait.
    /// - Returns: An answer for each of those times: `.refusedInTransport` where the server did not look at the early data.
    package static func send(
        _ request: ProbeRequest, times: Int, to port: Int, ca: String, identity: ClientIdentity?, timeout: Double
    ) async -> [ProbeAnswer] {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                ignoreBrokenPipes()
                continuation.resume(returning: send(request.octets, times, port, ca, identity, timeout))
            }
        }
    }

    /// On this thread: a peer that goes away while it is written to must not end the program.
    private static func ignoreBrokenPipes() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private static func send(
        _ octets: [UInt8], _ times: Int, _ port: Int, _ ca: String, _ identity: ClientIdentity?, _ timeout: Double
    ) -> [ProbeAnswer] {
        guard let context = context(ca, identity) else { return [failure("the certificates cannot be used")] }
        defer { SSL_CTX_free(context) }
        guard let session = session(octets, context, port, timeout) else { return [failure("no session")] }
        defer { SSL_SESSION_free(session) }
        return (0..<times).map { _ in again(octets, context, session, port, timeout) }
    }

    /// Calls once and is gone again, because there are servers that serve one connection at a time.
    private static func session(_ octets: [UInt8], _ context: OpaquePointer, _ port: Int, _ timeout: Double) -> OpaquePointer? {
        guard let first = Connection(context, port, timeout), SSL_connect(first.ssl) == 1 else { return nil }
        SSL_write(first.ssl, octets, Int32(octets.count))
        // The ticket comes with the answer, or before it.
        _ = first.answer()
        let session = SSL_get1_session(first.ssl)
        SSL_shutdown(first.ssl)
        return session
    }

    private static func again(
        _ octets: [UInt8], _ context: OpaquePointer, _ session: OpaquePointer, _ port: Int, _ timeout: Double
    ) -> ProbeAnswer {
        let began = MonotonicClock.nanoseconds()
        guard let connection = Connection(context, port, timeout) else { return failure("no connection") }
        // A copy each time: a session whose early data was not taken offers none any more.
        guard let copy = SSL_SESSION_dup(session) else { return failure("no session") }
        defer { SSL_SESSION_free(copy) }
        if SSL_SESSION_get_max_early_data(copy) == 0 { SSL_SESSION_set_max_early_data(copy, 16384) }
        SSL_set_session(connection.ssl, copy)
        var written = 0
        let isSent = SSL_write_early_data(connection.ssl, octets, octets.count, &written) == 1
        let isConnected = SSL_connect(connection.ssl) == 1
        ERR_clear_error()
        let outcome: ProbeAnswer.Outcome =
            if !isSent {
                // There was no session to resume.
                .refusedInTransport(TransportRefusal(alert: nil, alertName: nil, face: "early data not offered"))
            } else if !isConnected {
                .refusedInTransport(.closed)
            } else if SSL_get_early_data_status(connection.ssl) != SSL_EARLY_DATA_ACCEPTED {
                .refusedInTransport(TransportRefusal(alert: nil, alertName: nil, face: "early data not taken"))
            } else if let answer = connection.answer(), let status = answer.status {
                .response(status: status, headers: answer.headers, body: answer.body)
            } else {
                .dropped("early data was taken, and no answer came")
            }
        var answer = ProbeAnswer(outcome: outcome, beginNanoseconds: began, endNanoseconds: MonotonicClock.nanoseconds())
        (answer.newConnection, answer.localPort) = (true, connection.line.localPort)
        answer.resumed = SSL_session_reused(connection.ssl) == 1
        return answer
    }

    private static func failure(_ why: String) -> ProbeAnswer {
        let now = MonotonicClock.nanoseconds()
        ERR_clear_error()
        return ProbeAnswer(outcome: .dropped(why), beginNanoseconds: now, endNanoseconds: now)
    }

    private static func context(_ ca: String, _ identity: ClientIdentity?) -> OpaquePointer? {
        guard let context = SSL_CTX_new(TLS_client_method()) else { return nil }
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_3_VERSION), nil)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        var isReady = SSL_CTX_load_verify_locations(context, ca, nil) == 1
        if let identity {
            isReady =
                isReady && SSL_CTX_use_certificate_chain_file(context, identity.certificate) == 1
                && SSL_CTX_use_PrivateKey_file(context, identity.key, SSL_FILETYPE_PEM) == 1
        }
        guard isReady else {
            SSL_CTX_free(context)
            return nil
        }
        return context
    }

    /// TLS over a line of its own.
    private final class Connection {
        let line: PlainLine
        let ssl: OpaquePointer

        init?(_ context: OpaquePointer, _ port: Int, _ timeout: Double) {
            guard let line = PlainLine(port: port), let ssl = SSL_new(context) else { return nil }
            (self.line, self.ssl) = (line, ssl)
            line.limitWaits(to: timeout)
            SSL_set_fd(ssl, line.file)
        }

        deinit { SSL_free(ssl) }

        /// The first whole HTTP message that comes.
        func answer() -> HTTPMessages.Message? {
            var received: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 16384)
            while received.count < 1 << 20 {
                let count = SSL_read(ssl, &buffer, Int32(buffer.count))
                if count > 0 { received += buffer[..<Int(count)] }
                if let answer = HTTPMessages.answers(in: received, ended: count <= 0).first { return answer }
                if count <= 0 { break }
            }
            return nil
        }
    }
}
