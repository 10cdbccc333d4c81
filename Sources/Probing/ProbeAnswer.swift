/// What came of one request.
package struct ProbeAnswer: Sendable {
    package enum Outcome: Sendable {
        case response(status: Int, headers: [ProbeHeader], body: [UInt8])
        /// The peer ended the exchange before any HTTP answer, having been reached.
        case refusedInTransport(TransportRefusal)
        /// The peer went along where it should have ended the exchange, or answered in another way than HTTP: how, in words.
        case continued(String)
        /// No answer for another reason, in words: no connection, a time-out, a server certificate that did not verify.
        case dropped(String)

        /// In one word or a few: `HTTP 401`, `alert unknown_ca`, `closed`, or why there was no answer.
        package var face: String {
            switch self {
            case .response(let status, _, _): "HTTP \(status)"
            case .refusedInTransport(let refusal): refusal.alertName.map { "alert \($0)" } ?? refusal.face
            case .continued(let how): how
            case .dropped(let why): why
            }
        }
    }

    package var outcome: Outcome
    /// CLOCK_MONOTONIC.
    package var beginNanoseconds: Int64
    package var endNanoseconds: Int64
    /// Whether a connection was opened for it, even where a kept one was asked for.
    package var newConnection = false
    /// Whether the TLS session was a resumed one.
    package var resumed = false
    package var tlsVersion: String?
    /// Base64url of the SHA-256 of the server's certificate in DER.
    package var serverThumbprint: String?
    package var localPort: Int?
    /// Microseconds from the start until TCP, TLS and everything was done; 0 on a connection that was open.
    package var connectMicroseconds = 0
    package var tlsMicroseconds = 0
    package var totalMicroseconds = 0
    /// Octets of HTTP, heads and bodies; TLS is not counted.
    package var bytesSent = 0
    package var bytesReceived = 0

    package init(outcome: Outcome, beginNanoseconds: Int64, endNanoseconds: Int64) {
        self.outcome = outcome
        self.beginNanoseconds = beginNanoseconds
        self.endNanoseconds = endNanoseconds
    }
}

/// A refusal below HTTP. In TLS 1.3 it comes after the client's side of the handshake has succeeded.
package struct TransportRefusal: Sendable, Hashable {
    /// The TLS alert's number (RFC 8446 section 6).
    package var alert: Int?
    /// The alert's name in the specification, such as `certificate_expired`.
    package var alertName: String?
    /// How it looked: `alert`, `closed`, `reset`.
    package var face: String

    package init(alert: Int?, alertName: String?, face: String) {
        self.alert = alert
        self.alertName = alertName
        self.face = face
    }

    /// A fatal alert of that number.
    package init(alert: Int) {
        self.init(alert: alert, alertName: TLSAlert.name(alert), face: "alert")
    }

    package static let closed = TransportRefusal(alert: nil, alertName: nil, face: "closed")
    package static let reset = TransportRefusal(alert: nil, alertName: nil, face: "reset")
}
