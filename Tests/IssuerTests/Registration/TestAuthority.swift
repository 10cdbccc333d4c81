import Crypto
import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Serving
import SwiftASN1
import Testing
import X509

/// An authority, and certificates for loopback hosts, in a folder that goes with the object.
final class TestAuthority: Sendable {
    private let folder: URL
    private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
    private let name: DistinguishedName

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "authority-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        name = try DistinguishedName { CommonName("Test CA") }
        try issue(
            "ca", extensions: Certificate.Extensions { Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil)) }, key: key)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    var certificate: String { path("ca.pem") }

    /// TLS with a certificate for that DNS name, and for 127.0.0.1 where that is wanted.
    func settings(for host: String, address: Bool = false) throws -> TLSSettings {
        let names: [GeneralName] =
            [.dnsName(host)] + (address ? [.ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1]))] : [])
        try issue(
            host,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names)
            }, key: Certificate.PrivateKey(P256.Signing.PrivateKey()))
        return TLSSettings(certificate: path("\(host).pem"), key: path("\(host).key"))
    }

    private func path(_ file: String) -> String { folder.appending(path: file).path }

    private func issue(_ file: String, extensions: Certificate.Extensions, key own: Certificate.PrivateKey) throws {
        let start = Date(timeIntervalSinceNow: -86_400)
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(bytes: (0..<16).map { _ in UInt8.random(in: 1...127) }), publicKey: own.publicKey,
            notValidBefore: start, notValidAfter: start + 30 * 86_400, issuer: name,
            subject: file == "ca" ? name : try DistinguishedName { CommonName(file) }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: extensions, issuerPrivateKey: key)
        try Data(certificate.serializeAsPEM().pemString.utf8).write(to: folder.appending(path: "\(file).pem"))
        try Data(own.serializeAsPEM().pemString.utf8).write(to: folder.appending(path: "\(file).key"))
    }
}

/// Serves a router on loopback while the body runs, which learns the port.
func withHost(
    _ router: Router<PeerRequestContext>, _ settings: TLSSettings, _ body: @Sendable (_ port: Int) async throws -> Void
) async throws {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let listener = HTTPListener("url", transport: .tls(try TLSContexts(settings)) { _ in }, router: router)
    let (ports, source) = AsyncStream.makeStream(of: Int.self)
    let service = listener.service(logger: logger) { _, url in
        source.yield(url.split(separator: ":").last.flatMap { Int($0) } ?? 0)
    }
    let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        for await port in ports {
            do {
                try await body(port)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            break
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}
