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
