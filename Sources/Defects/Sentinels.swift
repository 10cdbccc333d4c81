import Auth
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOSSL
import Server

extension Defect {
    /// Trivial servers. No check may read `pass` on one of them.
    static let sentinels: [Defect] = [
        Defect("sentinel/dead", server: { _ in exit(1) }),
        Defect(
            "sentinel/refuses-everyone",
            server: { parts in
                parts.respond = { _, _, _ in
                    Response(status: .unauthorized, headers: [.wwwAuthenticate: "Bearer"], body: .init(byteBuffer: ByteBuffer()))
                }
            }),
        Defect(
            "sentinel/accepts-everyone",
            server: { parts in
                if let tls = parts.tls {
                    parts.tls = {
                        var configuration = try tls()
                        configuration.certificateVerification = .none
                        return configuration
                    }
                }
                parts.policy = nil
                parts.missingScopes = { _, _ in [] }
            }),
        Defect(
            "sentinel/says-ok",
            server: { parts in
                parts.respond = { _, _, _ in
                    Response(
                        status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: "{}")))
                }
            }),
        Defect(
            "sentinel/hangs",
            server: { parts in
                parts.respond = { _, _, _ in
                    try await Task.sleep(for: .seconds(3600))
                    throw CancellationError()
                }
            }),
    ]
}
