import SwiftASN1
package import X509

/// What the profile of RFC 5280 section 4 asks of a certificate, where path validation would not miss it.
///
/// A certificate that breaks it was made by an authority that does not keep the rules, or in order to be read in two ways.
package enum CertificateProfile {
    /// Where a certificate stands in a path.
    package enum Place { case client, issuer, anchor }

    /// A rule: what is wrong with a certificate in that place; nil: nothing.
    private typealias Rule = @Sendable (Certificate, Place) throws -> String?

    /// - Returns: The first thing wrong with it; nil: nothing.
    package static func objection(to certificate: Certificate, as place: Place) -> String? {
        for rule in [serialNumber, names, criticality, keyIdentifiers, keyUsage, constraints, addresses] {
            do {
                if let objection = try rule(certificate, place) { return objection }
            } catch {
                return "an extension that does not have its form"
            }
        }
        return nil
    }

    /// Positive, and of at most 20 octets: section 4.1.2.2. Nobody looks an anchor up by its number.
    private static let serialNumber: Rule = { certificate, place in
        let bytes = certificate.serialNumber.bytes
        guard place != .anchor else { return nil }
        return (1...20).contains(bytes.count) && bytes.contains { $0 != 0 } && bytes.first.map { $0 < 0x80 } ?? false
            ? nil : "a serial number that is not positive, or too long"
    }

    /// Issuers have a name, and whoever has none has alternative names that count: sections 4.1.2.4 and 4.1.2.6.
    private static let names: Rule = { certificate, place in
        if certificate.issuer.isEmpty { return "an issuer without a name" }
        guard certificate.subject.isEmpty else { return nil }
        if place != .client { return "an authority without a name" }
        return certificate.extensions[oid: .X509ExtensionID.subjectAlternativeName]?.critical == true
            ? nil : "no name but alternative ones that need not be looked at"
    }

    /// Extensions that never are critical, one that always is, and those that nobody knows, of anchors too: sections 4.2, 4.2.1.1,
    /// 4.2.1.2, 4.2.2.1 and 4.2.1.10.
    private static let criticality: Rule = { certificate, _ in
        let extensions = certificate.extensions
        for (object, name) in [
            (ASN1ObjectIdentifier.X509ExtensionID.authorityKeyIdentifier, "authority key identifier"),
            (.X509ExtensionID.subjectKeyIdentifier, "subject key identifier"),
            (.X509ExtensionID.authorityInformationAccess, "authority information access"),
        ] where extensions[oid: object]?.critical == true {
            return "a critical \(name)"
        }
        if extensions[oid: .X509ExtensionID.nameConstraints]?.critical == false { return "name constraints that are not critical" }
        return extensions.contains { $0.critical && !known.contains($0.oid) } ? "a critical extension that is not known" : nil
    }

    /// The extensions that BoringSSL processes, or that are processed here: section 4.2.
    private static let known: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
        .X509ExtensionID.subjectAlternativeName, .X509ExtensionID.nameConstraints,
        // certificatePolicies, policyMappings, policyConstraints, inhibitAnyPolicy.
        [2, 5, 29, 32], [2, 5, 29, 33], [2, 5, 29, 36], [2, 5, 29, 54],
    ]

    /// Who has issued it shows in it, and authorities name their own key: sections 4.2.1.1 and 4.2.1.2.
    private static let keyIdentifiers: Rule = { certificate, place in
        let extensions = certificate.extensions
        if place != .anchor, extensions[oid: .X509ExtensionID.authorityKeyIdentifier] == nil { return "no authority key identifier" }
        return place != .client && extensions[oid: .X509ExtensionID.subjectKeyIdentifier] == nil ? "no subject key identifier" : nil
    }

    /// Authorities, and nobody else, sign certificates: section 4.2.1.3.
    private static let keyUsage: Rule = { certificate, place in
        guard let usage = try certificate.extensions.keyUsage, usage.keyCertSign == (place == .client) else { return nil }
        return place == .client ? "a key for certificates that is no authority's" : "an authority whose key is not for certificates"
    }

    /// Only authorities are held to names, and the names have a form: section 4.2.1.10.
    private static let constraints: Rule = { certificate, place in
        guard let constraints = try certificate.extensions.nameConstraints else { return nil }
        if place == .client { return "name constraints, and it is no authority" }
        for name in constraints.permittedSubtrees + constraints.excludedSubtrees {
            switch name {
            case .dnsName(let host) where host.hasPrefix(".") || host.contains("*"): return "a constraint that is no host's name"
            case .rfc822Name(let address) where address.count(where: { $0 == "@" }) > 1: return "a constraint that is no e-mail address"
            default: break
            }
        }
        return nil
    }

    /// One at sign in an e-mail address: section 4.2.1.6, RFC 5321 section 4.1.2. Of several, readers may take any for the one.
    private static let addresses: Rule = { certificate, _ in
        for case .rfc822Name(let address) in try certificate.extensions.subjectAlternativeNames ?? .init([])
        where address.count(where: { $0 == "@" }) != 1 {
            return "an e-mail address that is none"
        }
        return nil
    }
}
