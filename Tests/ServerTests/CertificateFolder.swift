import Crypto
import Foundation
import MutualTLS
import Server
import SwiftASN1
import X509

/// A folder of certificates for a server and its clients, which goes with the object.
final class CertificateFolder: Sendable {
    /// An authority whose certificate is in `NAME.pem`.
    struct Authority {
        let name: DistinguishedName
        let key: Certificate.PrivateKey
        let certificate: Certificate
    }

    let folder: URL
    let ca: Authority

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "authbed-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        ca = try Self.authority("Test CA")
        try write("ca.pem", ca.certificate)
        try writeServer("localhost")
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func write(_ name: String, _ certificates: Certificate...) throws {
        try write(name, certificates.map { try $0.serializeAsPEM().pemString + "\n" }.joined())
    }

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name), options: .atomic)
    }

    /// Writes `server.pem` and `server.key`, or one of them.
    @discardableResult
    func writeServer(_ host: String, years: ClosedRange<Int> = 2020...2040, writesKey: Bool = true) throws -> String {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        try write("server.pem", try Self.leaf(key, names: [.dnsName(host)], usage: .serverAuth, years: years, by: ca))
        let pem = try key.serializeAsPEM().pemString
        if writesKey { try write("server.key", pem) }
        return pem
    }

    static func authority(_ commonName: String) throws -> Authority {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName(commonName) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(bytes: [1]), publicKey: key.publicKey, notValidBefore: year(2020), notValidAfter: year(2040),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key)
        return Authority(name: name, key: key, certificate: certificate)
    }

    /// A client known by a SPIFFE id.
    func client(_ name: String, by authority: Authority? = nil) throws -> PeerCertificate {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try Self.leaf(
            key, names: [.uniformResourceIdentifier(Self.uri(name))], usage: .clientAuth, years: 2020...2040, by: authority ?? ca)
        return try PeerCertificate(der: Self.der(certificate))
    }

    static func uri(_ name: String) -> String { "spiffe://authbed.test/client/\(name)" }

    static func der(_ certificate: Certificate) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }

    private static func leaf(
        _ key: Certificate.PrivateKey, names: [GeneralName], usage: ExtendedKeyUsage.Usage, years: ClosedRange<Int>, by authority: Authority
    ) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: .init(bytes: (0..<16).map { _ in UInt8.random(in: 1...127) }), publicKey: key.publicKey,
            notValidBefore: year(years.lowerBound), notValidAfter: year(years.upperBound), issuer: authority.name,
            subject: try DistinguishedName { CommonName("leaf") }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: authority.key.publicKey).keyIdentifier)
                try ExtendedKeyUsage([usage])
                SubjectAlternativeNames(names)
            },
            issuerPrivateKey: authority.key)
    }

    private static func year(_ year: Int) -> Date {
        Date(timeIntervalSince1970: Double(year - 1970) * 365.2425 * 86400)
    }

    /// A configuration over these files.
    /// - Parameter more: Further members of the document.
    func configuration(_ more: String = #""clients":[{"uri":"spiffe://authbed.test/client/alice","principal":"alice","scopes":[]}]"#) throws
        -> ServerConfiguration
    {
        try ServerConfiguration(
            parsing: """
                {"scheme":"mtls","tls":{"certificate":"\(path("server.pem"))","key":"\(path("server.key"))","client_ca":"\(path("ca.pem"))"},
                 \(more)}
                """)
    }
}
