package import Foundation
import MutualTLS
import OAuth
package import Store

/// The certificates that a client registered as its own (RFC 8705 section 2.2): nobody else has to vouch for them.
package enum RegisteredCertificates {
    /// Their thumbprints, as `x5t#S256` spells them: the one it was registered with, and those of its key set (section 2.2.2).
    package static func thumbprints(of client: ClientRecord) -> Set<String> {
        thumbprints(jwks: Data((client.jwks ?? "").utf8)).union(client.certificateThumbprint.map { [$0] } ?? [])
    }

    /// The thumbprints of the certificates in a JWKS, each the first of its key's `x5c` (RFC 7517 section 4.7).
    package static func thumbprints(jwks: Data) -> Set<String> {
        let keys = (try? StrictJSON.parseObject(Array(jwks)))?["keys"]?.array ?? []
        let certificates = keys.compactMap { $0.object?["x5c"]?.array?.first?.string }
        return Set(certificates.compactMap { thumbprint(der: Data(base64Encoded: $0) ?? Data()) })
    }

    /// The thumbprint of the certificate in a PEM text; nil for anything but exactly one.
    package static func thumbprint(pem text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        guard lines.filter({ $0 == "-----BEGIN CERTIFICATE-----" }).count == 1,
            let begin = lines.firstIndex(of: "-----BEGIN CERTIFICATE-----"),
            let end = lines[begin...].firstIndex(of: "-----END CERTIFICATE-----")
        else { return nil }
        return Data(base64Encoded: lines[(begin + 1)..<end].joined()).flatMap { thumbprint(der: $0) }
    }

    private static func thumbprint(der: Data) -> String? { (try? PeerCertificate(der: Array(der)))?.thumbprint }
}
