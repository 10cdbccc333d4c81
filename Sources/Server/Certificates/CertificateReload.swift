package import Foundation
import MutualTLS
package import NIOSSL
package import Serving

/// Replaces what a running server got from files: its certificate and key, the anchors and intermediates, the list of clients.
///
/// On a signal, and when a file changes. What cannot be used is refused and said so, and what was there before stays: a
/// certificate and a key that do not belong together, perhaps because only one of them has been written yet; a file that is absent.
package actor CertificateReload {
    /// A listener, and how to read its settings. The reading blocks.
    package struct Listener: Sendable {
        let contexts: TLSContexts
        let configuration: @Sendable () throws -> TLSConfiguration

        package init(contexts: TLSContexts, configuration: @escaping @Sendable () throws -> TLSConfiguration) {
            self.contexts = contexts
            self.configuration = configuration
        }
    }

    private let configuration: ServerConfiguration
    private let certificates: CertificateResources
    private let listeners: [Listener]
    private let clock: @Sendable () -> Date
    private let note: @Sendable (String) -> Void
    private let report: @Sendable (String) -> Void
    private var certificateStamps: [FileStamp?]
    private var clientStamp: FileStamp?
    /// The settings in use, and the server's certificates among them, in DER.
    private var settings: [TLSConfiguration] = []
    private var served: [[UInt8]] = []

    /// - Parameters:
    ///   - note: Told of a replacement that nobody asked for.
    ///   - report: Told of trouble.
    package init(
        _ configuration: ServerConfiguration, _ certificates: CertificateResources, listeners: [Listener],
        clock: @escaping @Sendable () -> Date, note: @escaping @Sendable (String) -> Void = { _ in },
        report: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.certificates = certificates
        self.listeners = listeners
        self.clock = clock
        self.note = note
        self.report = report
        certificateStamps = Self.certificateStamps(configuration)
        clientStamp = configuration.clientsFile.flatMap { FileStamp($0) }
    }

    /// Takes the settings that the server starts with.
    /// - Throws: What is wrong with them.
    package func begin() throws {
        guard !listeners.isEmpty else { return }
        let read = try listeners.map { try $0.configuration() }
        served = read.map(Self.leaf)
        certificates.names.replace(served)
        for leaf in served {
            if let problem = Self.untimely(leaf, at: clock()) { report("the server's certificate \(problem)") }
        }
        for (listener, new) in zip(listeners, read) { try listener.contexts.replace(new) }
        settings = read
    }

    /// Looks whether files have changed; to be called every second or so.
    package func tick() async {
        let stamps = Self.certificateStamps(configuration)
        if stamps != certificateStamps {
            await attempt("certificates") { try await replaceCertificates() }
        }
        if let path = configuration.clientsFile, FileStamp(path) != clientStamp {
            await attempt("clients") { try replaceClients() }
        }
    }

    /// Reads everything again, changed or not.
    /// - Throws: `StartFailure` with all that is wrong; what can be used has been taken all the same.
    package func reload() async throws {
        var problems: [String] = []
        do { try await replaceCertificates() } catch { problems.append("\(error)") }
        do { try replaceClients() } catch { problems.append("\(error)") }
        if let problem = await certificates.reloadLists() { problems.append(problem) }
        guard problems.isEmpty else { throw StartFailure(problems.joined(separator: "; ")) }
    }

    private func attempt(_ what: String, _ replacement: () async throws -> Void) async {
        do {
            try await replacement()
            note("\(what) replaced from their files")
        } catch {
            report("\(what) in files that changed cannot be used, those from before stay: \(error)")
        }
    }

    private func replaceCertificates() async throws {
        // Taken before the files are read: a change in between is then noticed the next time.
        certificateStamps = Self.certificateStamps(configuration)
        guard !listeners.isEmpty else { return }
        let read = try listeners.map { try $0.configuration() }
        let leaves = read.map(Self.leaf)
        for leaf in leaves where !served.contains(leaf) {
            if let problem = Self.untimely(leaf, at: clock()) { throw StartFailure("the server's new certificate \(problem)") }
        }
        let contexts: [TLSContexts.Context]
        do {
            contexts = try read.map { try TLSContexts.Context($0) }
        } catch {
            throw StartFailure("\(configuration.tls?.key ?? "") is not the key of \(configuration.tls?.certificate ?? "") (\(error))")
        }
        let authorities = try CertificateResources.authorities(configuration)
        // The anchors first: a certificate that leads to a new one is then known as soon as a handshake lets it in, and one
        // that leads to an old one is refused on the connections that are open.
        let isNewTrust = authorities.map { $0 != certificates.trust.current.authorities } ?? false
        if let authorities, isNewTrust { certificates.trust.replace(authorities) }
        // Where nothing has changed, sessions go on: a new context would forget every ticket.
        for (index, context) in contexts.enumerated() where !read[index].bestEffortEquals(settings[index]) {
            listeners[index].contexts.install(context)
        }
        settings = read
        served = leaves
        certificates.names.replace(leaves)
        // Lists that nobody vouched for may be vouched for now. A list that still cannot be used is its own trouble.
        if isNewTrust { _ = await certificates.reloadLists() }
    }

    private func replaceClients() throws {
        guard let path = configuration.clientsFile else { return }
        clientStamp = FileStamp(path)
        certificates.clients.replace(try CertificateResources.clients(configuration))
    }

    private static func certificateStamps(_ configuration: ServerConfiguration) -> [FileStamp?] {
        guard let tls = configuration.tls else { return [] }
        return [tls.certificate, tls.key, tls.clientCA, tls.intermediates].map { path in path.flatMap { FileStamp($0) } }
    }

    private static func leaf(of configuration: TLSConfiguration) -> [UInt8] {
        guard case .certificate(let leaf)? = configuration.certificateChain.first else { return [] }
        return (try? leaf.toDERBytes()) ?? []
    }

    /// Why a certificate is of no use to those who connect now; nil: it is.
    private static func untimely(_ leaf: [UInt8], at now: Date) -> String? {
        guard let certificate = try? PeerCertificate(der: leaf) else { return "cannot be read" }
        if now > certificate.notAfter { return "expired at \(certificate.notAfter)" }
        return now < certificate.notBefore ? "is not valid before \(certificate.notBefore)" : nil
    }
}
