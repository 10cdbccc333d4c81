import Forging
import Foundation

/// `openssl s_server`, a peer that shares no code with the project's servers. It ends with this value.
final class OpenSSLServer: Sendable {
    let port: Int
    private let process: Process

    struct Failed: Error {}

    /// Refuses clients without a certificate that the project's root vouches for.
    init(_ options: [String] = []) throws {
        let output = Pipe()
        let pki = try TestPKI.shared()
        let paths = pki.path(of: "server")
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", paths.certificate, "-cert_chain", paths.certificate]
            + ["-key", paths.key, "-Verify", "3", "-verify_return_error", "-CAfile", pki.clientCA] + options
        process.standardInput = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // ACCEPT 127.0.0.1:43817
        var text = ""
        while let data = try output.fileHandleForReading.read(upToCount: 1) {
            text += String(decoding: data, as: UTF8.self)
            guard text.hasSuffix("\n") else { continue }
            guard text.hasPrefix("ACCEPT "), let number = text.dropLast().split(separator: ":").last.flatMap({ Int($0) }) else {
                text = ""
                continue
            }
            port = number
            return
        }
        throw Failed()
    }

    deinit { process.terminate() }
}
