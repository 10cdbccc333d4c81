import Crypto
import Foundation
import NIOSSL
import Serving
import SwiftASN1
import X509

/// An authority, a server and whatever clients a test asks for, in a folder that goes with the object.
final class TestPKI: Sendable {
    let folder: URL
    private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    private let name: DistinguishedName

    init(_ commonName: String = "Test CA") throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "authbed-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        name = try DistinguishedName { CommonName(commonName) }
        try write("ca.pem", Self.certificate(name, key, issuer: name, issuerKey: key, usage: nil, year: 2020))
        try issue("server", usage: .serverAuth)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    var settings: TLSSettings {
        TLSSettings(certificate: path("server.pem"), key: path("server.key"), clientAuthorities: path("ca.pem"))
    }

    func path(_ file: String) -> String { folder.appending(path: file).path }

    /// Writes `NAME.pem`, a client's chain with an authority between it and the anchor, and `NAME.key`; each parameter bends one thing.
    func issueBelow(
        _ commonName: String, pathLength: Int? = nil, extraAuthority: Bool = false, constraints: NameConstraints? = nil,
        unknownCritical: Bool = false, asksForPolicy: Bool = false, names: [GeneralName] = [.dnsName("alice.authbed.test")]
    ) throws {
        let intermediate = Authority(name: try DistinguishedName { CommonName("Intermediate") }, key: .init(P256.Signing.PrivateKey()))
        let below = Authority(name: try DistinguishedName { CommonName("Below") }, key: .init(P256.Signing.PrivateKey()))
        var chain = [
            try Self.authority(intermediate, by: Authority(name: name, key: key), pathLength, constraints, asksForPolicy: asksForPolicy)
        ]
        if extraAuthority { chain.insert(try Self.authority(below, by: intermediate, nil, nil), at: 0) }
        let issuer = extraAuthority ? below : intermediate
        let own = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let leaf = try Certificate(
            version: .v3, serialNumber: .init(bytes: [5]), publicKey: own.publicKey, notValidBefore: Self.start, notValidAfter: Self.end,
            issuer: issuer.name, subject: try DistinguishedName { CommonName(commonName) }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.clientAuth])
                SubjectAlternativeNames(names)
                if unknownCritical { Certificate.Extension(oid: [1, 3, 6, 1, 4, 1, 99999, 1], critical: true, value: [0x05, 0x00]) }
            },
            issuerPrivateKey: issuer.key)
        let pem = try ([leaf] + chain).map { try $0.serializeAsPEM().pemString + "\n" }.joined()
        try Data(pem.utf8).write(to: folder.appending(path: "\(commonName).pem"))
        try Data(own.serializeAsPEM().pemString.utf8).write(to: folder.appending(path: "\(commonName).key"))
    }

    private struct Authority {
        let name: DistinguishedName
        let key: Certificate.PrivateKey
    }

    private static let start = Date(timeIntervalSince1970: 1_577_836_800)
    private static let end = start + 30 * 365 * 86400

    private static func authority(
        _ authority: Authority, by issuer: Authority, _ pathLength: Int?, _ constraints: NameConstraints?, asksForPolicy: Bool = false
    ) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: .init(bytes: [7]), publicKey: authority.key.publicKey, notValidBefore: start, notValidAfter: end,
            issuer: issuer.name, subject: authority.name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: pathLength))
                Critical(KeyUsage(keyCertSign: true))
                if let constraints { Critical(constraints) }
                // requireExplicitPolicy 0 (RFC 5280 section 4.2.1.11).
                if asksForPolicy { Certificate.Extension(oid: [2, 5, 29, 36], critical: true, value: [0x30, 0x03, 0x80, 0x01, 0x00]) }
            },
            issuerPrivateKey: issuer.key)
    }

    /// Writes `NAME.pem` and `NAME.key`; valid for thirty years from the given one.
    func issue(_ commonName: String, usage: ExtendedKeyUsage.Usage = .clientAuth, year: Int = 2020, by other: TestPKI? = nil) throws {
        let own = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try DistinguishedName { CommonName(commonName) }
        let certificate = try Self.certificate(
            subject, own, issuer: other?.name ?? name, issuerKey: other?.key ?? key, usage: usage, year: year)
        try write("\(commonName).pem", certificate)
        try Data(own.serializeAsPEM().pemString.utf8).write(to: folder.appending(path: "\(commonName).key"))
    }

    /// The same, with a certificate that is its own issuer.
    func selfSign(_ commonName: String, usage: ExtendedKeyUsage.Usage = .clientAuth, year: Int = 2020) throws {
        let own = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try DistinguishedName { CommonName(commonName) }
        try write("\(commonName).pem", try Self.certificate(subject, own, issuer: subject, issuerKey: own, usage: usage, year: year))
        try Data(own.serializeAsPEM().pemString.utf8).write(to: folder.appending(path: "\(commonName).key"))
    }

    /// The TLS settings of a client with that certificate, or with none.
    func client(_ name: String?) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        if let name {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(path("\(name).pem")).map { .certificate($0) }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: path("\(name).key"), format: .pem))
        }
        return configuration
    }

    private func write(_ file: String, _ certificate: Certificate) throws {
        try Data(certificate.serializeAsPEM().pemString.utf8).write(to: folder.appending(path: file))
    }

    private static func certificate(
        _ subject: DistinguishedName, _ key: Certificate.PrivateKey, issuer: DistinguishedName, issuerKey: Certificate.PrivateKey,
        usage: ExtendedKeyUsage.Usage?, year: Int
    ) throws -> Certificate {
        let start = Date(timeIntervalSince1970: Double(year - 1970) * 365.25 * 86400)
        return try Certificate(
            version: .v3, serialNumber: .init(bytes: (0..<16).map { _ in UInt8.random(in: 1...127) }), publicKey: key.publicKey,
            notValidBefore: start, notValidAfter: start + 30 * 365 * 86400, issuer: issuer, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(usage == nil ? BasicConstraints.isCertificateAuthority(maxPathLength: nil) : .notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: usage != nil, keyCertSign: usage == nil))
                if let usage { try ExtendedKeyUsage([usage]) }
            },
            issuerPrivateKey: issuerKey)
    }
}
