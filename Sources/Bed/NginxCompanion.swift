import Foundation
import Glibc
import Probing
import Subprocess
import SystemPackage

/// A web server that everybody knows, with the same certificates, so that a figure of ours has something to stand beside.
///
/// It answers a fixed text: what it takes is what TLS and certificates take, and nothing else.
struct NginxCompanion: Sendable {
    struct Site: Sendable {
        var name: String
        var certificate: String
        var key: String
        var clientCA: String
        /// The file of revocation lists, one for each authority of a chain; nil for none.
        var revocationList: String?
    }

    let path: String
    let folder: String
    let sites: [Site]

    /// - Returns: Nil where it is not installed.
    static func path(_ programs: Programs) -> String? {
        (try? programs.path(of: "nginx")) ?? ["/usr/sbin/nginx"].first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// `nginx/1.22.1`, say.
    static func version(_ path: String) async -> String {
        let result = try? await Subprocess.run(
            .path(FilePath(path)), arguments: ["-v"], output: .discarded, error: .string(limit: 1 << 12))
        return result?.standardError.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? "nginx"
    }

    /// Runs it while the body does, and ends it and its workers in every case.
    ///
    /// - Parameter body: Gets the URLs by the sites' names, and the session of its processes.
    /// - Throws: `BedError` when it does not answer within ten seconds.
    func run<Value: Sendable>(_ body: @escaping @Sendable ([String: String], Int) async throws -> Value) async throws -> Value {
        let ports = try sites.map { _ in try Loopback.freePort() }
        try Documents.write(Data(configuration(ports).utf8), to: "\(folder)/nginx.conf")
        // It says nothing when it is ready and does not mind who started it: the shell ends it when the bed is gone.
        let script = #""$@" & child=$!; cat >/dev/null; kill "$child"; wait "$child""#
        let spec = ProcessSpec(
            role: "nginx", command: ["/bin/sh", "-c", script, "sh", path, "-p", folder, "-c", "\(folder)/nginx.conf"], environment: [:])
        let outcome = try await Subprocess.run(
            spec.configuration(), input: .inputWriter, output: .discarded, error: .discarded
        ) { execution in
            let result: Result<Value, any Error>
            do {
                for port in ports { try await Self.waitFor(port) }
                let urls = zip(sites, ports).map { ($0.name, "https://127.0.0.1:\($1)/mcp") }
                result = .success(
                    try await body(Dictionary(uniqueKeysWithValues: urls), Int(execution.processIdentifier.value)))
            } catch { result = .failure(error) }
            try? await execution.standardInputWriter.finish()
            await execution.teardown(using: ProcessSpec.teardown)
            return result
        }
        return try outcome.closureResult.get()
    }

    private func configuration(_ ports: [UInt16]) -> String {
        let scratch = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "  \($0)_temp_path \"\(folder)/\($0)\";" }
        let servers = zip(sites, ports).map { site, port in
            """
              server {
                listen 127.0.0.1:\(port) ssl;
                ssl_certificate "\(site.certificate)";
                ssl_certificate_key "\(site.key)";
                ssl_client_certificate "\(site.clientCA)";
            \(site.revocationList.map { "    ssl_crl \"\($0)\";" } ?? "")
                ssl_verify_client on;
                ssl_verify_depth 4;
                ssl_protocols TLSv1.2 TLSv1.3;
                keepalive_requests 1000000000;
                default_type application/json;
                location / { return 200 '{"jsonrpc":"2.0","id":1,"result":{}}'; }
              }
            """
        }
        return """
            daemon off;
            worker_processes auto;
            pid "\(folder)/nginx.pid";
            error_log "\(folder)/nginx.log";
            events { worker_connections 1024; }
            http {
              access_log off;
            \((scratch + servers).joined(separator: "\n"))
            }

            """
    }

    private static func waitFor(_ port: UInt16) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if try Loopback.answers(at: port) { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        throw BedError("nginx does not answer; its error log is beside its configuration in the run's folder")
    }
}
