import COpenSSL
import CShims
import Glibc

/// One connection to a port of the bed's, on a thread of its own: at most one request, and its answer.
///
/// Everything is bounded: 1 MB of request, and the seconds given for each wait.
struct PeerConnection {
    let socket: Int32
    let manner: PeerManner
    /// Seconds.
    let patience: Double
    let answer: @Sendable (PeerRequest, PeerVisit) -> PeerReply

    private static let limit = 1 << 20

    func serve() -> PeerVisit {
        // A caller who goes away while he is answered must not end the bed.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var wait = timeval(tv_sec: Int(patience), tv_usec: Int((patience - patience.rounded(.down)) * 1e6))
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &wait, socklen_t(MemoryLayout<timeval>.size))
        }
        var visit = PeerVisit(begin: MonotonicClock.nanoseconds())
        switch manner {
        case .tls(let tls): serve(tls, &visit)
        case .plain: exchange(&visit, read: { recv(socket, $0, $1, 0) }, write: { Glibc.send(socket, $0, $1, Int32(MSG_NOSIGNAL)) })
        case .cut: reset()
        case .silent: Self.untilTheCallerLeaves { recv(socket, $0, $1, 0) }
        }
        visit.end = MonotonicClock.nanoseconds()
        return visit
    }

    /// What OpenSSL tells while a connection lives.
    private final class Witness { var alert: Int? }

    private func serve(_ tls: PeerTLS, _ visit: inout PeerVisit) {
        guard let ssl = SSL_new(tls.context) else { return }
        let witness = Witness()
        defer {
            SSL_free(ssl)
            if let alert = witness.alert { visit.alert = alert }
        }
        SSL_set_fd(ssl, socket)
        SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(witness).toOpaque())
        SSL_set_info_callback(ssl) { ssl, place, value in
            // The level is in the upper octet; close_notify and user_canceled hold nothing against anybody.
            guard place == SSL_CB_READ_ALERT, ![0, 90].contains(value & 0xFF), let witness = SSL_get_ex_data(ssl, 0) else { return }
            Unmanaged<Witness>.fromOpaque(witness).takeUnretainedValue().alert = Int(value & 0xFF)
        }
        guard SSL_accept(ssl) == 1 else { return ERR_clear_error() }
        visit.tlsVersion = String(cString: SSL_get_version(ssl))
        visit.thumbprint = Self.thumbprint(ssl)
        exchange(
            &visit, read: { Int(SSL_read(ssl, $0, Int32($1))) },
            write: { bytes, count in count == 0 ? 0 : Int(SSL_write(ssl, bytes, Int32(count))) })
        SSL_shutdown(ssl)
        ERR_clear_error()
    }

    private static func thumbprint(_ ssl: OpaquePointer) -> String? {
        guard let certificate = SSL_get1_peer_certificate(ssl) else { return nil }
        defer { X509_free(certificate) }
        var digest = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard X509_digest(certificate, EVP_sha256(), &digest, &count) == 1 else { return nil }
        // 32 octets are 44 characters in base64, with room for the zero that ends them.
        var text = [UInt8](repeating: 0, count: 45)
        EVP_EncodeBlock(&text, digest, 32)
        return String(decoding: text.prefix(43), as: UTF8.self).map { $0 == "+" ? "-" : $0 == "/" ? "_" : "\($0)" }.joined()
    }

    private func exchange(
        _ visit: inout PeerVisit, read: (UnsafeMutableRawPointer, Int) -> Int, write: (UnsafeRawPointer, Int) -> Int
    ) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while visit.request == nil, bytes.count < Self.limit {
            let count = read(&buffer, buffer.count)
            guard count > 0 else { return }
            bytes += buffer[..<count]
            // A caller who wants TLS where there is none is told so, as servers do; his hello is no secret.
            if visit.tlsVersion == nil, bytes[0] == 22 {
                _ = Self.send(Array("HTTP/1.1 400 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8), write)
                return
            }
            visit.octets = bytes.count
            visit.request = HTTPMessages.request(in: bytes)
        }
        guard let request = visit.request else { return }
        switch answer(request, visit) {
        case .answer(let status, let headers, let body):
            var head = "HTTP/1.1 \(status) \(status < 400 ? "Fine" : "No")\r\n"
            for header in headers { head += "\(header.name): \(header.value)\r\n" }
            head += "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
            _ = Self.send(Array(head.utf8) + (request.method == "HEAD" ? [] : body), write)
        case .half:
            guard Self.send(Array("HTTP/1.1 200 Fine\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{".utf8), write) else {
                return
            }
            Self.untilTheCallerLeaves(read)
        case .silence: Self.untilTheCallerLeaves(read)
        case .cut: reset()
        }
    }

    private static func send(_ bytes: [UInt8], _ write: (UnsafeRawPointer, Int) -> Int) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { $0.baseAddress.map { base in write(base, rest.count) } ?? 0 }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// By the connection's own way to read: over TLS, a caller who says good-bye waits to hear it too.
    private static func untilTheCallerLeaves(_ read: (UnsafeMutableRawPointer, Int) -> Int) {
        var buffer = [UInt8](repeating: 0, count: 16384)
        while read(&buffer, buffer.count) > 0 {}
    }

    /// Ends the connection as a program that has died does.
    private func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }
}
