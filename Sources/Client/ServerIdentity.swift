import SwiftASN1
import X509

#if canImport(Glibc)
    import Glibc
#endif

/// Whether a server's certificate is for the name that was asked for (RFC 9525 section 6).
///
/// Stricter than SwiftNIO SSL's full verification, which stands before it: that one is content when the certificate is for the
/// *address* a name happens to lead to, and falls back to the subject's common name, which MUST NOT identify a service.
package enum ServerIdentity {
    /// - Parameters:
    ///   - der: The server's certificate.
    ///   - host: A DNS name, or an IP address as text, in lower case.
    package static func isValid(_ der: [UInt8], for host: String) -> Bool {
        guard let certificate = try? Certificate(derEncoded: der),
            let names = try? certificate.extensions.subjectAlternativeNames
        else { return false }
        if let octets = octets(host) {
            return names.contains { name in
                if case .ipAddress(let bytes) = name { Array(bytes.bytes) == octets } else { false }
            }
        }
        return names.contains { name in
            if case .dnsName(let presented) = name { matches(presented.lowercased(), host) } else { false }
        }
    }

    /// A wildcard stands for exactly one label, the whole left-most one, and not directly below a top-level domain (section 6.3).
    package static func matches(_ presented: String, _ host: String) -> Bool {
        let host = host.hasSuffix(".") ? String(host.dropLast()) : host
        guard presented.hasPrefix("*.") else { return presented == host && !presented.contains("*") }
        let suffix = presented.dropFirst(2)
        guard suffix.contains("."), !suffix.contains("*"), let dot = host.firstIndex(of: "."), dot != host.startIndex else { return false }
        return host[host.index(after: dot)...] == suffix
    }

    /// The bytes of an IP address in network order; nil for what is none.
    private static func octets(_ host: String) -> [UInt8]? {
        for (family, size) in [(AF_INET, 4), (AF_INET6, 16)] {
            var octets = [UInt8](repeating: 0, count: size)
            if inet_pton(family, host, &octets) == 1 { return octets }
        }
        return nil
    }
}
