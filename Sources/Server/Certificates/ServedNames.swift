import MutualTLS
import Synchronization

/// The DNS names of the server's own certificates, in lower case, as they are now.
package final class ServedNames: Sendable {
    private let names = Mutex<Set<String>>([])

    func contains(_ host: String) -> Bool { names.withLock { $0.contains(host) } }

    /// - Parameter certificates: In DER.
    func replace(_ certificates: [[UInt8]]) {
        let new = certificates.compactMap { try? PeerCertificate(der: $0) }.flatMap(\.dnsNames).map { $0.lowercased() }
        names.withLock { $0 = Set(new) }
    }
}
