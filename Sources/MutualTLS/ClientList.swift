import Synchronization

/// The allow-list as it is now. It can be replaced while connections are open, and every request asks for it anew.
package final class ClientList: Sendable {
    private let entries: Mutex<Entries>

    /// The entries, and where to find those that a name may be for: a list may have thousands.
    private struct Entries: Sendable {
        let all: [AllowedClient]
        private var byAlternativeName: [String: [Int]] = [:]
        private var byAddress: [IPAddress: [Int]] = [:]
        private var byCommonName: [String: [Int]] = [:]

        init(_ all: [AllowedClient]) {
            self.all = all
            for (index, client) in all.enumerated() {
                if let name = client.uri ?? client.dns ?? client.email { byAlternativeName[name, default: []].append(index) }
                if let address = client.address { byAddress[address, default: []].append(index) }
                if let name = client.commonName { byCommonName[name, default: []].append(index) }
            }
        }

        func matching(_ peer: PeerCertificate, _ anchor: String?) -> [AllowedClient] {
            var indices: Set<Int> = []
            for name in peer.uris + peer.dnsNames + peer.emailAddresses { indices.formUnion(byAlternativeName[name] ?? []) }
            for address in peer.addresses { indices.formUnion(byAddress[address] ?? []) }
            for case let name? in peer.commonNames { indices.formUnion(byCommonName[name] ?? []) }
            return indices.sorted().map { all[$0] }.filter { $0.matches(peer, anchor: anchor) }
        }
    }

    package init(_ clients: [AllowedClient] = []) {
        entries = Mutex(Entries(clients))
    }

    package var current: [AllowedClient] { entries.withLock { $0.all } }

    package func replace(_ clients: [AllowedClient]) {
        let new = Entries(clients)
        entries.withLock { $0 = new }
    }

    /// The entries whose name the certificate bears, in the list's order.
    /// - Parameter anchor: What its chain leads to; nil where nobody can say.
    package func matching(_ peer: PeerCertificate, anchor: String? = nil) -> [AllowedClient] {
        entries.withLock { $0 }.matching(peer, anchor)
    }
}
