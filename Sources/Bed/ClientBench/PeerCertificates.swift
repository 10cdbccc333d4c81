import Forging
import Foundation
import Probing
import Synchronization

/// The certificates on both sides of a client under test: what its server shows, and what becomes of its own.
final class PeerCertificates: Sendable {
    private let pki: CellPKI
    private let folder: String
    private let credential: Credential
    /// The newest that the client has been given, where that is not its first.
    private let latest = Mutex<String?>(nil)

    init(pki: CellPKI, folder: String, credential: Credential) {
        (self.pki, self.folder, self.credential) = (pki, folder, credential)
    }

    func shown(_ fault: ServerFault, _ now: Double) throws -> ClientIdentity {
        try pki.forgeServer(fault, host: Surroundings.host, now: now, into: folder)
    }

    /// - Parameter how: One of the words for TLS.
    func manner(_ how: String, _ now: Double) throws -> PeerManner {
        switch how {
        case "tls-1.0": return .tls(try PeerTLS(try shown(.none, now), versions: (.tls10, .tls10)))
        case "tls-1.1": return .tls(try PeerTLS(try shown(.none, now), versions: (.tls11, .tls11)))
        case "no-tls": return .plain
        case "cut": return .cut
        case "asks": return .tls(try PeerTLS(try shown(.none, now), asks: .any(names: nil)))
        case "asks-by-name": return .tls(try PeerTLS(try shown(.none, now), asks: .any(names: pki.clientCA)))
        case "takes-other-authorities":
            return .tls(try PeerTLS(try shown(.none, now), asks: .issued(by: pki.named("lookalike-root").certificate)))
        default:
            guard let fault = ServerFault(rawValue: how) else { throw BedError("no server is wrong by '\(how)'") }
            return .tls(try PeerTLS(try shown(fault, now)))
        }
    }

    /// Puts another certificate and key in the place of the client's own, or leaves them half written.
    ///
    /// - Returns: Which certificate the client has then.
    func replaceFiles(_ how: String, _ now: Double) throws -> String? {
        guard let own = credential.identity else { throw BedError("\(credential.name) has no certificate to replace") }
        if how == "half-written" {
            // As a writer leaves it that does not rename: the certificate of one pair, and the key of none.
            try Data().write(to: URL(fileURLWithPath: own.key))
            return latest.withLock { $0 } ?? credential.thumbprint
        }
        let next = try pki.issueClient(
            name: "\(credential.name)-\(UInt32.random(in: 0...UInt32.max))", principal: credential.principal, lifetime: 86_400, now: now)
        for (new, old) in [(next.identity.certificate, own.certificate), (next.identity.key, own.key)] {
            let data = try Data(contentsOf: URL(fileURLWithPath: new))
            try data.write(to: URL(fileURLWithPath: old), options: how == "replaced" ? [.atomic] : [])
        }
        latest.withLock { $0 = next.thumbprint }
        return next.thumbprint
    }
}
