import Client
import Foundation
import MutualTLS
import NIOSSL
import Synchronization

extension Defect {
    /// Bent ways of a client to look at its server's certificate, and at the connection to it.
    static let clientVerificationDefects: [Defect] = [
        Defect("client/trusts-any-authority", client: { VerificationByHand.replace(in: &$0, without: .authority) }),
        Defect("client/trusts-past-the-end", client: { VerificationByHand.replace(in: &$0, without: .validity) }),
        Defect("client/takes-any-usage", client: { VerificationByHand.replace(in: &$0, without: .usage) }),
        Defect(
            "client/falls-back-on-the-common-name",
            client: { parts in
                let right = parts.connection.isForHost
                parts.connection.isForHost = { der, host in
                    if right(der, host) { return true }
                    guard let certificate = try? PeerCertificate(der: der), !certificate.hasAlternativeNames else { return false }
                    return certificate.commonNames == [host]
                }
            }),
        Defect(
            "client/takes-the-address-for-the-name",
            client: { parts in
                let right = parts.connection.isForHost
                parts.connection.isForHost = { der, host in right(der, host) || right(der, "127.0.0.1") }
            }),
        Defect(
            "client/speaks-old-tls",
            client: { parts in
                let right = parts.connection.tls
                parts.connection.tls = { files throws(ClientError) in
                    var configuration = try right(files)
                    configuration.minimumTLSVersion = .tlsv1
                    return configuration
                }
            }),
        Defect(
            "client/falls-back-on-plain-text",
            client: { parts in
                parts.connection.onward = { call, answer in
                    guard answer == nil, call.address.scheme == "https" else { return nil }
                    var plain = call
                    plain.address = WebAddress("http" + call.address.text.dropFirst(5)) ?? call.address
                    return plain
                }
            }),
        Defect(
            "client/insists-on-its-certificate",
            client: { parts in
                let left = Mutex(9)
                parts.connection.onward = { call, answer in
                    guard answer == nil else { return nil }
                    return left.withLock { left in
                        left -= 1
                        return left > 0 ? call : nil
                    }
                }
            }),
        Defect(
            "client/forgets-its-certificate",
            client: { parts in
                let right = parts.connection.tls
                parts.connection.tls = { files throws(ClientError) in try right(TLSFiles(authority: files.authority)) }
            }),
        Defect(
            "client/keeps-its-first-certificate",
            client: { parts in
                let right = parts.connection.tls
                let first = Mutex<[TLSFiles: TLSConfiguration]>([:])
                parts.connection.tls = { files throws(ClientError) in
                    if let known = first.withLock({ $0[files] }) { return known }
                    let configuration = try right(files)
                    first.withLock { $0[files] = configuration }
                    return configuration
                }
            }),
    ]
}

/// What the TLS library does in one piece, taken apart so that one rule can be left out.
private struct VerificationByHand {
    enum Rule { case authority, validity, usage }

    let anchors: TrustedAuthorities
    let without: Rule

    static func replace(in parts: inout ClientParts, without rule: Rule) {
        let (right, isForHost) = (parts.connection.tls, parts.connection.isForHost)
        let current = Mutex<VerificationByHand?>(nil)
        parts.connection.tls = { files throws(ClientError) in
            var configuration = try right(files)
            configuration.certificateVerification = .none
            let text = files.authority.flatMap { try? String(contentsOfFile: $0, encoding: .utf8) } ?? ""
            let anchors = try? TrustedAuthorities(anchorsPEM: text)
            current.withLock { $0 = anchors.map { VerificationByHand(anchors: $0, without: rule) } }
            return configuration
        }
        parts.connection.isForHost = { der, host in
            guard let verification = current.withLock({ $0 }), let certificate = try? PeerCertificate(der: der) else { return false }
            return isForHost(der, host) && verification.holds(of: certificate, at: Date())
        }
    }

    private func holds(of certificate: PeerCertificate, at now: Date) -> Bool {
        (without == .authority || hasIssuer(certificate))
            && (without == .validity || certificate.notBefore <= now && now <= certificate.notAfter)
            && (without == .usage || certificate.mayBeClient != true)
    }

    /// What goes along with the leaf is not at hand here, so an intermediate is known by its name only, as no client's is.
    private func hasIssuer(_ certificate: PeerCertificate) -> Bool {
        !anchors.issuers(of: certificate.certificate).isEmpty || certificate.issuer.contains("Issuing CA")
    }
}
