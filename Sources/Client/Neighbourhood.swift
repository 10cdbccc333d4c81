#if canImport(Glibc)
    import Glibc
#endif

/// How near a host is by its literal text. A server somewhere out there must not be able to make a client ask things of
/// machines that only the client can reach (request forgery: MCP security best practices).
package enum Neighbourhood: Sendable, Hashable {
    case loopback
    /// Private, link-local, unique local, unspecified: addresses that mean something only here.
    case `private`
    case elsewhere

    package init(host: String) {
        let host = host.hasSuffix(".") ? String(host.dropLast()) : host
        if host == "localhost" || host.hasSuffix(".localhost") {
            self = .loopback
        } else if host.contains(":") {
            self = Self.ofIPv6(host)
        } else if let octets = Self.octets(host) {
            self = Self.ofIPv4(octets)
        } else {
            self = .elsewhere
        }
    }

    /// As whoever connects reads it: `127.1`, `0x7f000001`, `017700000001` and `2130706433` are all 127.0.0.1 to the system's resolver.
    private static func octets(_ host: String) -> [UInt8]? {
        var address = in_addr()
        guard inet_aton(host, &address) == 1 else { return nil }
        return withUnsafeBytes(of: address.s_addr) { Array($0) }
    }

    private static func ofIPv4(_ octets: [UInt8]) -> Neighbourhood {
        switch (octets[0], octets[1]) {
        case (127, _): .loopback
        case (0, _), (10, _), (172, 16...31), (192, 168), (169, 254), (100, 64...127): .private
        default: .elsewhere
        }
    }

    /// Only the forms that matter are told apart; an embedded IPv4 address is judged as that address.
    private static func ofIPv6(_ host: String) -> Neighbourhood {
        let host = host.split(separator: "%", maxSplits: 1).first.map(String.init) ?? host
        if host == "::1" || host == "0:0:0:0:0:0:0:1" { return .loopback }
        if host == "::" { return .private }
        if host.contains("."), let last = host.split(separator: ":").last, let octets = octets(String(last)) {
            return ofIPv4(octets)
        }
        guard let first = host.split(separator: ":", omittingEmptySubsequences: false).first, let group = UInt16(first, radix: 16)
        else { return host.hasPrefix("::") ? .private : .elsewhere }
        return (group & 0xFE00) == 0xFC00 || (group & 0xFFC0) == 0xFE80 ? .private : .elsewhere
    }
}
