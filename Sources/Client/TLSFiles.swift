package import NIOSSL

/// The files that make up one side of a TLS connection.
package struct TLSFiles: Sendable, Hashable {
    /// PEM of the authorities that may vouch for the server. Nil: those of the system.
    package var authority: String?
    /// PEM of the client's certificate and its intermediates, leaf first.
    package var certificate: String?
    /// PEM of the certificate's private key.
    package var key: String?

    package init(authority: String?, certificate: String? = nil, key: String? = nil) {
        self.authority = authority
        self.certificate = certificate
        self.key = key
    }

    var paths: [String] { [authority, certificate, key].compactMap { $0 } }

    /// The strict configuration: TLS 1.2 at least (RFC 9325 section 3.1.1), chain and host name verified (RFC 9110 section 4.3.4).
    package func configuration() throws(ClientError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        if let authority {
            let roots = try Self.reading(authority) { try NIOSSLCertificate.fromPEMFile(authority) }
            guard !roots.isEmpty else { throw .local("\(authority): no certificate in it") }
            configuration.trustRoots = .certificates(roots)
        }
        if let certificate, let key {
            let chain = try Self.reading(certificate) { try NIOSSLCertificate.fromPEMFile(certificate) }
            guard !chain.isEmpty else { throw .local("\(certificate): no certificate in it") }
            let privateKey = try Self.reading(key) { try NIOSSLPrivateKey(file: key, format: .pem) }
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(privateKey)
        }
        // A key that does not belong to the certificate shows here, not at the first call.
        _ = try Self.reading(certificate ?? authority ?? "the system's certificates") {
            try NIOSSLContext(configuration: configuration)
        }
        return configuration
    }

    /// The library's errors say nothing that helps, and might one day quote what they read: only the file is named.
    private static func reading<Value>(_ path: String, _ body: () throws -> Value) throws(ClientError) -> Value {
        do {
            return try body()
        } catch {
            throw .local("\(path): cannot be read, or does not hold what it should (a certificate, or the key that belongs to it), in PEM")
        }
    }
}
