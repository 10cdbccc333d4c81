/// A bit of the key usage extension (RFC 5280 section 4.2.1.3).
enum KeyUsage: String, Sendable, Hashable, CaseIterable {
    case digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, keyAgreement, keyCertSign, cRLSign

    static func der(_ usages: [Self]) -> [UInt8] {
        DER.bits(Set(usages.compactMap { allCases.firstIndex(of: $0) }))
    }
}

/// A purpose of the extended key usage extension (RFC 5280 section 4.2.1.12).
enum ExtendedKeyUsage: String, Sendable, Hashable, CaseIterable {
    case serverAuth, clientAuth, codeSigning, emailProtection, timeStamping
    case ocspSigning = "OCSPSigning"
    case anyExtendedKeyUsage

    private var object: String {
        switch self {
        case .serverAuth: "1.3.6.1.5.5.7.3.1"
        case .clientAuth: "1.3.6.1.5.5.7.3.2"
        case .codeSigning: "1.3.6.1.5.5.7.3.3"
        case .emailProtection: "1.3.6.1.5.5.7.3.4"
        case .timeStamping: "1.3.6.1.5.5.7.3.8"
        case .ocspSigning: "1.3.6.1.5.5.7.3.9"
        case .anyExtendedKeyUsage: "2.5.29.37.0"
        }
    }

    static func der(_ usages: [Self]) throws -> [UInt8] {
        DER.tagged(0x30, try usages.flatMap { try DER.object($0.object) })
    }
}
