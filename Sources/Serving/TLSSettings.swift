import NIOCore
package import NIOSSL

/// Which files a TLS listener is made of.
package struct TLSSettings: Sendable, Hashable {
    /// The server's chain, leaf first, and its private key; PEM.
    package var certificate: String
    package var key: String
    /// The anchors that client certificates must lead to. Nil: no client certificate is asked for.
    package var clientAuthorities: String?
    /// Certificates that may help to build a client's chain, and are not anchors.
    package var intermediates: String?
    /// Whether a client without a certificate is served too; one whose chain leads nowhere is not.
    package var clientsMayBeAnonymous: Bool
    /// Whether a client with a self-signed certificate is served too: see ``SelfSignedClients``.
    package var clientsMayBeSelfSigned: Bool
    package var versions: Versions

    /// The versions of TLS that are spoken; none before 1.2 ever is (RFC 8996).
    package enum Versions: Sendable, Hashable {
        case tls12, tls13, both
    }

    package init(
        certificate: String, key: String, clientAuthorities: String? = nil, intermediates: String? = nil,
        clientsMayBeAnonymous: Bool = false, clientsMayBeSelfSigned: Bool = false, versions: Versions = .both
    ) {
        self.certificate = certificate
        self.key = key
        self.clientAuthorities = clientAuthorities
        self.intermediates = intermediates
        self.clientsMayBeAnonymous = clientsMayBeAnonymous
        self.clientsMayBeSelfSigned = clientsMayBeSelfSigned
        self.versions = versions
    }

    package enum Problem: Error, Hashable, CustomStringConvertible {
        /// A file that is absent, not PEM, or holds no certificate or key.
        case unreadable(String)
        /// A self-signed certificate among the intermediates would be taken for an anchor.
        case anchorAmongIntermediates(String)

        package var description: String {
            switch self {
            case .unreadable(let path): "\(path): cannot be read as PEM"
            case .anchorAmongIntermediates(let path): "\(path): has a self-signed certificate, which does not belong there"
            }
        }
    }

    /// Reads the files; blocks, so not on an event loop.
    ///
    /// BoringSSL's own verification builds the client's chain: it sends the specific alerts and checks the extended key usage.
    /// - Throws: `Problem`.
    package func configuration() throws -> TLSConfiguration {
        guard let privateKey = try? NIOSSLPrivateKey(file: key, format: .pem) else { throw Problem.unreadable(key) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try Self.certificates(certificate).map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = versions == .tls13 ? .tlsv13 : .tlsv12
        configuration.maximumTLSVersion = versions == .tls12 ? .tlsv12 : .tlsv13
        configuration.applicationProtocols = ["http/1.1"]
        // Added to every close towards a peer that does not answer, so the default of five seconds is too long.
        configuration.shutdownTimeout = .milliseconds(500)
        if let clientAuthorities {
            // Clients are known by the names of the allow-list, not by a host's.
            configuration.certificateVerification = clientsMayBeAnonymous ? .optionalVerification : .noHostnameVerification
            configuration.trustRoots = .certificates(try Self.certificates(clientAuthorities))
        }
        if let intermediates {
            // Without X509_V_FLAG_PARTIAL_CHAIN a certificate in the store ends a chain only if it is self-signed.
            let certificates = try Self.certificates(intermediates)
            configuration.additionalTrustRoots = [.certificates(certificates)]
            try Self.refuseAnchors(in: intermediates)
        }
        return configuration
    }

    private static func certificates(_ path: String) throws -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else { throw Problem.unreadable(path) }
        return certificates
    }
}
