import ChildProcesses
import Forging
import Foundation
import Probing

/// `openssl s_server` on a port of its own for the time of a test. It refuses clients without a certificate that the
/// project's root vouches for.
struct OpenSSLServer: Sendable {
    let port: Int

    var get: ProbeRequest { ProbeRequest(method: "GET", url: "https://127.0.0.1:\(port)/", headers: [], body: [], timeout: 20) }

    /// Runs it until the body is done.
    /// - Parameter answers: Whether it answers requests with a page about the connection.
    static func with<Value>(_ options: [String] = [], answers: Bool = true, _ body: (OpenSSLServer) async throws -> Value) async throws
        -> Value
    {
        let pki = try TestPKI.shared()
        let paths = pki.path(of: "server")
        // s_server knows no end of its own; the shell ends it with the test's end of the pipe, however that comes.
        let script = #"exec 3<&0; openssl s_server "$@" <&3 2>/dev/null & cat <&3; kill -KILL $!"#
        let options =
            ["-accept", "127.0.0.1:0", "-cert", paths.certificate, "-cert_chain", paths.certificate, "-key", paths.key, "-Verify", "3"]
            + ["-verify_return_error", "-CAfile", pki.clientCA] + options + (answers ? ["-www"] : [])
        let process = try ChildProcess("/bin/sh", ["-c", script, "sh"] + options, error: .discarded)
        defer {
            try? process.input.close()
            process.wait()
        }
        return try await body(OpenSSLServer(port: try port(toldBy: process.output)))
    }

    /// It says `ACCEPT 127.0.0.1:43817` when it does.
    private static func port(toldBy output: FileHandle?) throws -> Int {
        var line = ""
        while let data = try output?.read(upToCount: 1), !data.isEmpty {
            line += String(decoding: data, as: UTF8.self)
            guard line.hasSuffix("\n") else { continue }
            if line.hasPrefix("ACCEPT "), let port = line.dropLast().split(separator: ":").last.flatMap({ Int($0) }) { return port }
            line = ""
        }
        throw PeerError()
    }
}
