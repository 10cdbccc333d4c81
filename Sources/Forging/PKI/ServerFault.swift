/// What is wrong with the certificate that a server shows. Apart from it, it is the right one for its host.
package enum ServerFault: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case none
    /// Another authority with the anchor's name issued it.
    case otherAuthority = "other-authority"
    case selfSigned = "self-signed"
    case expired
    case notYetValid = "not-yet-valid"
    /// Its issuer is a client's certificate, which is no authority.
    case issuedByClient = "issued-by-client"
    case otherName = "other-name"
    /// A wildcard stands for one whole label, and not for a part of one, nor for none (RFC 9525 section 6.3).
    case partialWildcard = "partial-wildcard"
    case wildcardBelow = "wildcard-below"
    /// A zero octet ends the name for whoever reads it as C does.
    case zeroOctet = "zero-octet"
    /// For the address that the host's name leads to, and for no name: whoever says where a name leads would say who it is
    /// (RFC 9525 section 6.5; RFC 9110 section 4.3.5).
    case addressOnly = "address-only"
    /// The name stands in the subject alone (RFC 9525 section 2).
    case commonNameOnly = "common-name-only"
    /// Version 1 has no extensions, as the article's commands leave it.
    case version1 = "version-1"
    /// For clients only: an agent's certificate, stolen, with the host's name (RFC 5280 section 4.2.1.12).
    case clientUsage = "client-usage"
}

extension PKI {
    /// Makes a server's certificate with its key.
    ///
    /// - Parameters:
    ///   - host: A DNS name.
    ///   - now: Seconds since 1970.
    ///   - folder: Made when missing; the files are named for the fault.
    /// - Throws: `ForgingError`.
    package func forgeServer(
        _ fault: ServerFault, host: String, now: Double, into folder: String
    ) throws -> (certificate: String, key: String) {
        var template = CertificateTemplate(
            subject: DistinguishedName(commonName: host), names: try GeneralName.readable(dns: [host], uris: []), usage: .server)
        (template.notBefore, template.notAfter) = (Int(now) - 86_400, Int(now) + 30 * 86_400)
        switch fault {
        case .none, .otherAuthority, .selfSigned, .issuedByClient: break
        case .expired: template.notAfter = Int(now) - 3600
        case .notYetValid: template.notBefore = Int(now) + 3600
        case .otherName: template.names = try GeneralName.readable(dns: ["other.example"], uris: [])
        case .partialWildcard: template.names = [.dns(Array("\(host.prefix(1))*".utf8))]
        case .wildcardBelow: template.names = [.dns(Array("*.\(host)".utf8))]
        case .zeroOctet: template.names = [.dns(Array("\(host)\0.evil.test".utf8))]
        case .addressOnly: template.names = [.address([127, 0, 0, 1])]
        case .commonNameOnly: template.names = []
        case .version1: template.version = 1
        case .clientUsage: template.extendedKeyUsage = [.clientAuth]
        }
        // What stands in the subject is another name where the alternative name is what is wrong.
        if [.otherName, .partialWildcard, .wildcardBelow, .zeroOctet, .addressOnly].contains(fault) {
            template.subject = DistinguishedName(commonName: "other.example")
        }
        let (issuer, chain) = try issuer(for: fault)
        let key = try PrivateKey(generating: .p256)
        let certificate = try Certificate.issue(template, key: key, issuer: issuer)
        try Files.makeFolder(folder)
        let paths = (certificate: "\(folder)/\(fault.rawValue).pem", key: "\(folder)/\(fault.rawValue).key")
        try Files.write(try key.privatePEM(), to: paths.key, mode: 0o600, isDurable: isDurable)
        try Files.write(try certificate.pem() + chain, to: paths.certificate, isDurable: isDurable)
        return paths
    }

    private func issuer(for fault: ServerFault) throws -> (issuer: (certificate: Certificate, key: PrivateKey)?, chain: String) {
        let name: String
        switch fault {
        case .selfSigned: return (nil, "")
        case .otherAuthority: name = "lookalike-root"
        case .issuedByClient: name = "bob"
        // By the anchor itself: the chain is not what is looked at.
        default: name = trust
        }
        return (try authority(name), try chain(from: name))
    }
}
