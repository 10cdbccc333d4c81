import Foundation
import MutualTLS

/// Where a request comes from, as limits count it.
package enum SourceAddress {
    /// - Parameter peer: The other end of the connection, as `127.0.0.1:54321` or `[::1]:54321`.
    static func host(of peer: String?) -> String {
        guard let peer, let colon = peer.lastIndex(of: ":") else { return peer ?? "" }
        return peer[..<colon].trimmingCharacters(in: ["[", "]"])
    }

    /// IPv4 as it is; of IPv6 the first 64 bits, because one subscriber has all that share them.
    package static func network(of host: String) -> String {
        guard host.contains(":"), let octets = IPAddress(host)?.octets, octets.count == 16 else { return host }
        return octets.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }
}
