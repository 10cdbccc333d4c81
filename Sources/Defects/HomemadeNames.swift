import SwiftASN1
import X509

/// For whom the authorities of a path may issue: RFC 5280 section 4.2.1.10.
enum HomemadeNames {
    static func allow(_ path: [Certificate]) throws -> Bool {
        for (depth, issuer) in path.enumerated().dropFirst() {
            guard let constraints = try issuer.extensions.nameConstraints else { continue }
            for (place, certificate) in path[..<depth].enumerated() where place == 0 || certificate.subject != certificate.issuer {
                guard try names(of: certificate).allSatisfy({ allows($0, constraints) }) else { return false }
            }
        }
        return true
    }

    private static func names(of certificate: Certificate) throws -> [GeneralName] {
        let subject = certificate.subject.isEmpty ? [] : [GeneralName.directoryName(certificate.subject)]
        return try Array(certificate.extensions.subjectAlternativeNames ?? .init([])) + subject
    }

    private static func allows(_ name: GeneralName, _ constraints: NameConstraints) -> Bool {
        let permitted = constraints.permittedSubtrees.filter { isAlike($0, name) }
        return (permitted.isEmpty || permitted.contains { matches(name, $0) })
            && !constraints.excludedSubtrees.contains { isAlike($0, name) && matches(name, $0) }
    }

    private static func isAlike(_ one: GeneralName, _ other: GeneralName) -> Bool {
        switch (one, other) {
        case (.dnsName, .dnsName), (.uniformResourceIdentifier, .uniformResourceIdentifier), (.rfc822Name, .rfc822Name),
            (.ipAddress, .ipAddress), (.directoryName, .directoryName):
            true
        default: false
        }
    }

    private static func matches(_ name: GeneralName, _ constraint: GeneralName) -> Bool {
        switch (name, constraint) {
        case (.dnsName(let host), .dnsName(let base)): return isBelow(host, base)
        case (.uniformResourceIdentifier(let uri), .uniformResourceIdentifier(let base)):
            let host = uri.split(separator: "//", maxSplits: 1).last?.prefix { $0 != "/" && $0 != ":" }.lowercased() ?? ""
            return base.hasPrefix(".") ? host.hasSuffix(base.lowercased()) : host == base.lowercased()
        case (.rfc822Name(let address), .rfc822Name(let base)):
            if base.contains("@") { return address == base }
            let host = address.split(separator: "@").last.map(String.init) ?? ""
            return base.hasPrefix(".") ? host.hasSuffix(base) : host == base
        case (.ipAddress(let address), .ipAddress(let base)):
            let (octets, network) = (Array(address.bytes), Array(base.bytes))
            guard network.count == 2 * octets.count else { return false }
            return octets.indices.allSatisfy { octets[$0] & network[octets.count + $0] == network[$0] & network[octets.count + $0] }
        case (.directoryName(let subject), .directoryName(let base)): return subject.starts(with: base)
        default: return false
        }
    }

    private static func isBelow(_ host: String, _ base: String) -> Bool {
        host.lowercased() == base.lowercased() || host.lowercased().hasSuffix("." + base.lowercased()) || base.isEmpty
    }
}
