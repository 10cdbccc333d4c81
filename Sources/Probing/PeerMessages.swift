/// A request that reached a port of the bed's.
package struct PeerRequest: Sendable {
    package var method: String
    /// Path and query, as they were sent.
    package var target: String
    package var headers: [ProbeHeader]
    package var body: [UInt8]

    /// The target without its query.
    package var path: String { String(target.prefix { $0 != "?" }) }

    /// Everything that arrived, as text to look for a secret in.
    package var text: String {
        "\(method) \(target)\n" + headers.map { "\($0.name): \($0.value)\n" }.joined() + "\n" + String(decoding: body, as: UTF8.self)
    }
}

/// What a port of the bed's answers, on a connection that then ends.
package enum PeerReply: Sendable {
    case answer(status: Int, headers: [ProbeHeader], body: [UInt8])
    /// Nothing, for as long as the caller waits.
    case silence
    /// The beginning of an answer that never goes on.
    case half
    /// The connection is cut.
    case cut

    package static func json(_ status: Int, _ text: String, _ headers: [ProbeHeader] = []) -> PeerReply {
        .answer(status: status, headers: [ProbeHeader(name: "Content-Type", value: "application/json")] + headers, body: Array(text.utf8))
    }

    package static func status(_ status: Int, _ headers: [ProbeHeader] = []) -> PeerReply {
        .answer(status: status, headers: headers, body: [])
    }
}

/// One connection to a port of the bed's, from beginning to end.
package struct PeerVisit: Sendable {
    /// Nanoseconds, as `MonotonicClock` counts them.
    package var begin: Int64
    package var end: Int64 = 0
    /// Set where a TLS handshake was completed.
    package var tlsVersion: String?
    /// The last fatal alert that the caller sent (RFC 8446 section 6.2): what it holds against the bed.
    package var alert: Int?
    /// The certificate that the caller showed, and proved to have the key of: base64url of the SHA-256 of its DER.
    package var thumbprint: String?
    /// Octets of application data that arrived, or of plain text on a port without TLS.
    package var octets = 0
    package var request: PeerRequest?
}
