package import AsyncHTTPClient
package import NIOSSL

/// What the client connects to and what it demands of the other side. Each member is one rule.
package struct ConnectionPolicy: Sendable {
    /// From the files of the configuration to what the TLS library is told. Called again when a file has changed.
    package var tls: @Sendable (TLSFiles) throws(ClientError) -> TLSConfiguration
    /// Whether a certificate, in DER, is for a host. Asked for each new connection, before anything is sent over it.
    package var isForHost: @Sendable ([UInt8], String) -> Bool
    /// Redirects are never followed: a request carries a credential, and a credential goes to no other origin
    /// (RFC 9700 section 4.9.1; MCP authorization, token handling).
    package var redirects: HTTPClient.Configuration.RedirectConfiguration
    /// What is asked instead when a call failed (nil) or was answered by a redirect: nothing. Whoever breaks a connection would otherwise
    /// choose where the credential goes next, or that it goes there in plain text.
    package var onward: @Sendable (HTTPCall, HTTPAnswer?) -> HTTPCall?
    /// How long one exchange may take, of what the configuration allows.
    package var patience: @Sendable (Duration) -> Duration
    /// Says why an address must not be asked, or nil. Asked before each request, whatever its address came from.
    package var objection: @Sendable (WebAddress) -> String?
    /// Seconds until a connection with TLS stands.
    package var connectSeconds: Int64
    /// Bytes of an answer's body.
    package var bodyLimit: Int
    /// How long an unused connection is kept.
    package var idleSeconds: Int64

    /// Full verification of the server, no redirects, plain HTTP only to this machine.
    package static let standard = ConnectionPolicy(
        tls: { files throws(ClientError) in try files.configuration() },
        isForHost: ServerIdentity.isValid,
        redirects: .disallow,
        onward: { _, _ in nil },
        patience: { $0 },
        objection: { address in
            guard address.scheme == "https" || address.neighbourhood == .loopback else {
                return "\(address.origin) is plain HTTP: a credential would be readable on the way"
            }
            return nil
        },
        connectSeconds: 10, bodyLimit: 16 << 20, idleSeconds: 30)

    /// The exchange with these rules around it, whatever carries it: no question where there is an objection, no answer that is a redirect.
    func guarding(_ exchange: @escaping HTTPExchange) -> HTTPExchange {
        { (call) async throws(ClientError) in
            if let objection = objection(call.address) { throw .violation("\(call.address.text) is not asked: \(objection)", status: nil) }
            let answer: HTTPAnswer
            do throws(ClientError) {
                answer = try await exchange(call)
            } catch {
                guard let next = onward(call, nil) else { throw error }
                return try await guarding(exchange)(next)
            }
            guard !(300...399).contains(answer.status) else {
                if let next = onward(call, answer) { return try await guarding(exchange)(next) }
                throw .violation(
                    "\(call.address.origin) answered \(answer.status), a redirect, which is not followed: a credential goes to no other address",
                    status: answer.status)
            }
            return answer
        }
    }
}
