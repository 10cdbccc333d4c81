import Foundation

/// An address as certificates hold it: four or sixteen octets in network byte order (RFC 5280 section 4.2.1.6).
package struct IPAddress: Sendable, Hashable {
    package let octets: [UInt8]

    package init(octets: [UInt8]) {
        self.octets = octets
    }

    /// Reads any spelling of an IPv4 or IPv6 address; nil for another text.
    package init?(_ text: String) {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var octets = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &octets) == 1 {
                self.octets = octets
                return
            }
        }
        return nil
    }
}
