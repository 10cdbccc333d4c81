import Foundation
package import MutualTLS
import NIOCore
import ServiceLifecycle

/// What client certificates are judged by, all of which can be replaced while the server runs.
package struct CertificateResources: Sendable {
    package let trust: TrustStore
    package let clients: ClientList
    /// The names in the server's own certificate, by which it may be called.
    package let names = ServedNames()
    /// Lists, from a file or from an address.
    let revocation: (any RevocationSource)?
    let ocsp: OCSPRevocationSource?
    /// What runs beside the listeners.
    let services: [any Service]
    private let configuration: ServerConfiguration

    /// - Parameter report: Told of trouble with what is read or fetched again later.
    /// - Throws: `StartFailure` for files that are absent or not what they should be.
    init(_ configuration: ServerConfiguration, report: @escaping @Sendable (String) -> Void) throws {
        self.configuration = configuration
        let trust = TrustStore(try Self.authorities(configuration) ?? TrustedAuthorities(anchors: []))
        self.trust = trust
        clients = ClientList(try Self.clients(configuration))
        let usesOCSP = configuration.scheme.usesOCSP && configuration.tls?.ocsp != nil
        let crl = configuration.scheme.usesLists ? configuration.tls?.crl : nil
        guard usesOCSP || crl != nil else {
            (revocation, ocsp, services) = (nil, nil, [])
            return
        }
        let fetcher = RevocationFetcher()
        var services: [any Service] = [fetcher]
        ocsp = usesOCSP ? configuration.tls?.ocsp.map { Self.ocsp($0, trust, fetcher, report) } : nil
        if let crl, crl.isWebAddress {
            let point = CRLDistributionPoint(
                url: crl, refresh: .seconds(configuration.tls?.crlRefreshSeconds ?? 60), store: RevocationListStore(trust: trust),
                fetch: { try await fetcher.list(at: crl, maximumLength: FileRevocationSource.maximumLength) }, report: report)
            revocation = point
            // Often, so that the interval that was asked for is the one that is kept.
            services.append(Regularly(every: .milliseconds(100)) { await point.tick() })
        } else {
            revocation = try crl.map { path in
                let source = FileRevocationSource(path: path, trust: trust, report: report)
                if let problem = source.loadBlocking(at: Date()), !source.hasLists { throw StartFailure(problem) }
                return source
            }
        }
        self.services = services
    }

    /// Reads the lists again, or fetches them; returns when that is done.
    /// - Returns: What is wrong with them, or nil.
    func reloadLists() async -> String? {
        switch revocation {
        case let file as FileRevocationSource: await file.reload(at: Date())
        case let point as CRLDistributionPoint: await point.load()
        default: nil
        }
    }

    /// Reads the anchors and intermediates.
    /// - Throws: `StartFailure`.
    static func authorities(_ configuration: ServerConfiguration) throws -> TrustedAuthorities? {
        guard configuration.scheme.usesCertificates, let tls = configuration.tls, let ca = tls.clientCA else { return nil }
        do {
            return try TrustedAuthorities(
                anchorsPEM: String(contentsOfFile: ca, encoding: .utf8),
                intermediatesPEM: try tls.intermediates.map { try String(contentsOfFile: $0, encoding: .utf8) })
        } catch {
            throw StartFailure("\(ca): cannot be read as certificates, or its intermediates: \(error)")
        }
    }

    /// Reads the allow-list.
    /// - Throws: `StartFailure`.
    static func clients(_ configuration: ServerConfiguration) throws -> [AllowedClient] {
        guard let path = configuration.clientsFile else { return configuration.clients.map(AllowedClient.init) }
        guard let data = try? Data(contentsOf: URL(filePath: path)), let text = String(validating: data, as: UTF8.self) else {
            throw StartFailure("\(path): cannot be read")
        }
        do {
            return try ServerConfiguration.clients(parsing: text).map(AllowedClient.init)
        } catch {
            throw StartFailure("\(path):\(error)")
        }
    }

    private static func ocsp(
        _ ocsp: ServerConfiguration.OCSP, _ trust: TrustStore, _ fetcher: RevocationFetcher, _ report: @escaping @Sendable (String) -> Void
    ) -> OCSPRevocationSource {
        OCSPRevocationSource(
            rules: .init(
                forgivesOutages: ocsp.mode == .soft, responder: ocsp.responder, timeout: .seconds(ocsp.timeoutSeconds),
                usesNonce: ocsp.nonce, maximumAge: TimeInterval(ocsp.maxAgeSeconds)),
            trust: trust, fetch: { try await fetcher.answer(to: $0, from: $1, deadline: TimeAmount($2)) }, report: report)
    }
}
