/// One extension as it stands in a certificate or a list (RFC 5280 section 4.2).
struct CertificateExtension: Sendable, Hashable {
    /// Its object identifier, numbers with dots.
    var object: String
    var critical = false
    /// What its OCTET STRING holds.
    var value: [UInt8]

    /// Nobody knows what it means: the arc is not assigned to anybody.
    static func unknown(critical: Bool) -> Self { Self(object: "1.3.6.1.4.1.99999.1", critical: critical, value: [0x05, 0x00]) }
}

extension CertificateTemplate {
    /// The extensions but the key identifiers, which depend on the issuer.
    func extensions() throws -> [CertificateExtension] {
        var list: [CertificateExtension] = []
        func add(_ object: String, critical: Bool, _ value: [UInt8]) {
            list.append(CertificateExtension(object: object, critical: criticality[object] ?? critical, value: value))
        }
        switch basicConstraints ?? (usage.isAuthority ? .authority(pathLength: nil) : .leaf) {
        case .absent: break
        case .leaf: add(Self.basicConstraintsObject, critical: true, DER.sequence())
        case .authority(let length):
            add(Self.basicConstraintsObject, critical: true, DER.sequence(DER.yes, length.map(DER.integer) ?? []))
        }
        if case let usages = keyUsage ?? defaultKeyUsage, !usages.isEmpty {
            add(Self.keyUsageObject, critical: true, KeyUsage.der(usages))
        }
        if case let usages = extendedKeyUsage ?? defaultExtendedKeyUsage, !usages.isEmpty {
            add(Self.extendedKeyUsageObject, critical: false, try ExtendedKeyUsage.der(usages))
        }
        if !names.isEmpty {
            // Where the subject is empty the names have to be understood (RFC 5280 section 4.2.1.6).
            add(Self.namesObject, critical: subject.attributes.isEmpty, DER.tagged(0x30, try names.flatMap { try $0.der() }))
        }
        if !permitted.isEmpty || !excluded.isEmpty { add(Self.constraintsObject, critical: true, try constraints()) }
        if !revocationLists.isEmpty {
            add("2.5.29.31", critical: false, DER.tagged(0x30, try revocationLists.flatMap { try Self.distributionPoint($0) }))
        }
        if !responders.isEmpty {
            let ocsp = try DER.object("1.3.6.1.5.5.7.48.1")
            let descriptions = try responders.flatMap { DER.sequence(ocsp, try GeneralName.uri($0).der()) }
            add("1.3.6.1.5.5.7.1.1", critical: false, DER.tagged(0x30, descriptions))
        }
        // Who answers for others is not asked about itself (RFC 6960 section 4.2.2.2.1).
        if usage == .responder { add("1.3.6.1.5.5.7.48.1.5", critical: false, [0x05, 0x00]) }
        return list + others
    }

    static let basicConstraintsObject = "2.5.29.19"
    static let keyUsageObject = "2.5.29.15"
    static let namesObject = "2.5.29.17"
    static let constraintsObject = "2.5.29.30"
    static let extendedKeyUsageObject = "2.5.29.37"
    static let subjectKeyObject = "2.5.29.14"
    static let authorityKeyObject = "2.5.29.35"

    /// A DistributionPoint with a full name (RFC 5280 section 4.2.1.13).
    static func distributionPoint(_ url: String) throws -> [UInt8] {
        DER.sequence(DER.tagged(0xA0, DER.tagged(0xA0, try GeneralName.uri(url).der())))
    }

    private var defaultKeyUsage: [KeyUsage] {
        switch usage {
        case .authority: [.keyCertSign, .cRLSign]
        case .plainAuthority: []
        case .client, .server, .responder: [.digitalSignature]
        }
    }

    private var defaultExtendedKeyUsage: [ExtendedKeyUsage] {
        switch usage {
        case .authority, .plainAuthority: []
        case .client: [.clientAuth]
        case .server: [.serverAuth]
        case .responder: [.ocspSigning]
        }
    }

    private func constraints() throws -> [UInt8] {
        func subtrees(_ tag: UInt8, _ names: [GeneralName]) throws -> [UInt8] {
            names.isEmpty ? [] : DER.tagged(tag, try names.flatMap { DER.sequence(try $0.der()) })
        }
        return DER.sequence(try subtrees(0xA0, permitted), try subtrees(0xA1, excluded))
    }
}
