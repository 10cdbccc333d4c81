import Crypto
import Foundation
import MutualTLS
import SwiftASN1
import X509

/// A certification authority of the tests, with just enough of one to say right and wrong things.
struct Authority {
    let name: DistinguishedName
    let key: Certificate.PrivateKey
    let certificate: Certificate

    /// - Parameters:
    ///   - issuer: Nil for a root.
    ///   - key: Nil for a new one.
    init(
        _ commonName: String, issuer: Authority? = nil, serial: [UInt8] = [1], signsLists: Bool = true, maxPathLength: Int? = nil,
        years: ClosedRange<Int> = 2020...2040, constraints: NameConstraints? = nil, key: Certificate.PrivateKey? = nil,
        responder: String? = nil
    ) throws {
        let key = key ?? Certificate.PrivateKey(P256.Signing.PrivateKey())
        self.key = key
        name = try DistinguishedName { CommonName(commonName) }
        certificate = try Certificate(
            version: .v3, serialNumber: .init(bytes: serial), publicKey: self.key.publicKey,
            notValidBefore: .year(years.lowerBound), notValidAfter: .year(years.upperBound),
            issuer: issuer?.name ?? name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: maxPathLength))
                Critical(KeyUsage(keyCertSign: true, cRLSign: signsLists))
                SubjectKeyIdentifier(hash: key.publicKey)
                AuthorityKeyIdentifier(issuer?.key.publicKey ?? key.publicKey)
                if let constraints { Critical(constraints) }
                if let responder {
                    AuthorityInformationAccess([.init(method: .ocspServer, location: .uniformResourceIdentifier(responder))])
                }
            },
            issuerPrivateKey: issuer?.key ?? self.key)
    }

    /// A client's certificate; each parameter bends one thing.
    func client(
        names: [GeneralName]? = [.uniformResourceIdentifier("spiffe://authbed.test/client/alice")],
        subject: [RelativeDistinguishedName.Attribute] = [.commonName("alice")],
        usage: ExtendedKeyUsage? = try? ExtendedKeyUsage([.clientAuth]), mayBeAuthority: Bool = false, maySign: Bool = true,
        serial: [UInt8] = [0x0A, 0xBC], version: Certificate.Version = .v3, issuers: [Certificate]? = nil
    ) throws -> PeerCertificate {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try Certificate(
            version: version, serialNumber: .init(bytes: serial), publicKey: key.publicKey,
            notValidBefore: .year(2026), notValidAfter: .year(2027),
            issuer: name, subject: try DistinguishedName(subject), signatureAlgorithm: .ecdsaWithSHA256,
            extensions: version == .v1
                ? Certificate.Extensions()
                : try Certificate.Extensions {
                    Critical(mayBeAuthority ? BasicConstraints.isCertificateAuthority(maxPathLength: nil) : .notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: maySign, keyEncipherment: !maySign))
                    AuthorityKeyIdentifier(self.key.publicKey)
                    if let usage { usage }
                    if let names { SubjectAlternativeNames(names) }
                },
            issuerPrivateKey: self.key)
        return try PeerCertificate(der: try certificate.der, issuers: issuers)
    }
}

extension AuthorityKeyIdentifier {
    /// As its certificate names the key.
    init(_ key: Certificate.PublicKey) {
        self.init(keyIdentifier: SubjectKeyIdentifier(hash: key).keyIdentifier)
    }
}

extension Certificate {
    var der: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
    }
}

extension Authority {
    /// Somebody whom the authority appoints to sign OCSP answers; each parameter bends one thing.
    func responder(
        usage: ExtendedKeyUsage? = try? ExtendedKeyUsage([.ocspSigning]), years: ClosedRange<Int> = 2026...2027, maySign: Bool = true
    ) throws -> (key: Certificate.PrivateKey, certificate: Certificate) {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(bytes: [0x77]), publicKey: key.publicKey,
            notValidBefore: .year(years.lowerBound), notValidAfter: .year(years.upperBound),
            issuer: name, subject: try DistinguishedName { CommonName("Responder") }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: maySign, keyEncipherment: !maySign))
                if let usage { usage }
            },
            issuerPrivateKey: self.key)
        return (key, certificate)
    }
}

extension RelativeDistinguishedName.Attribute {
    static func commonName(_ name: String) -> Self { .init(type: .RDNAttributeType.commonName, value: .init(utf8String: name)) }
}

extension Date {
    static func year(_ year: Int, month: Int = 1) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.date(from: DateComponents(year: year, month: month, day: 1)) ?? .distantPast
    }
}
