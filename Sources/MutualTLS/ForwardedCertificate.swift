package import Auth
import Foundation

/// A client's certificate as a proxy passes it on that has ended the client's TLS connection: `Client-Cert` of RFC 9440.
///
/// Whoever is no such proxy can write anything into that field, so it is not even read then (RFC 9440 section 4).
package enum ForwardedCertificate: Sendable {
    case absent
    case certificate(PeerCertificate)
    case unreadable(Refusal)

    /// - Parameter values: The value of every `Client-Cert` field of the request.
    package init(_ values: [String]) {
        guard let value = values.first else {
            self = .absent
            return
        }
        guard values.count == 1 else {
            self = .unreadable(Refusal(.ambiguous, "more than one Client-Cert field"))
            return
        }
        // A byte sequence of RFC 8941 section 3.3.5.
        let text = value.trimmingCharacters(in: .whitespaces)
        guard text.utf8.count > 2, text.hasPrefix(":"), text.hasSuffix(":"),
            let der = Data(base64Encoded: String(text.dropFirst().dropLast())), let peer = try? PeerCertificate(der: Array(der))
        else {
            self = .unreadable(Refusal(.malformed, "Client-Cert is not one certificate"))
            return
        }
        self = .certificate(peer)
    }
}
