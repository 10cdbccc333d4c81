import AsyncHTTPClient
import Auth
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import OAuth

/// The server's line to one issuer: discovery, keys and introspection, each answered within two seconds or not at all.
///
/// Each issuer has a line, a trust anchor and a secret of its own, so that none can speak for another.
actor IssuerClient {
    static let deadline = TimeAmount.seconds(2)
    private let issuer: ServerConfiguration.Issuer
    private let http: HTTPClient
    private var secret: Secret<String>?
    private var metadata: AuthorizationServerMetadata?

    /// - Throws: `StartFailure` for files that cannot be read.
    init(_ issuer: ServerConfiguration.Issuer) throws {
        self.issuer = issuer
        secret = try Self.readSecret(issuer)
        var tls = TLSConfiguration.makeClientConfiguration()
        if let ca = issuer.ca {
            guard let anchors = try? NIOSSLCertificate.fromPEMFile(ca), !anchors.isEmpty else {
                throw StartFailure("\(ca): holds no certificate that can be read")
            }
            tls.trustRoots = .certificates(anchors)
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: Self.deadline, read: Self.deadline))
        configuration.httpVersion = .http1Only
        // An issuer that is down says so at once; trying on until the deadline would make its callers wait.
        configuration.connectionPool.retryConnectionEstablishment = false
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func shutdown() async throws {
        try await http.shutdown()
    }

    /// Reads the client secret again, and asks for the metadata again when it is needed next.
    func reload() throws {
        secret = try Self.readSecret(issuer)
        metadata = nil
    }

    /// The issuer's JWKS, or nil when it cannot be had.
    func jwks() async -> Data? {
        guard let url = await endpoint(configured: issuer.jwksURI, { $0.jwksURI }) else { return nil }
        return await body(of: HTTPClientRequest(url: url))
    }

    /// What the issuer says of a token (RFC 7662 section 2).
    func introspect(_ token: String) async -> IntrospectionAnswer {
        guard let secret, let url = await endpoint(configured: issuer.introspectionEndpoint, { $0.introspectionEndpoint }) else {
            return .unreachable
        }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        // RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
        let credentials = "\(FormEncoding.encode(issuer.clientID)):\(FormEncoding.encode(secret.reveal()))"
        request.headers.add(name: "Authorization", value: "Basic \(Data(credentials.utf8).base64EncodedString())")
        request.body = .bytes(ByteBuffer(string: "token=\(FormEncoding.encode(token))&token_type_hint=access_token"))
        guard let body = await body(of: request) else { return .unreachable }
        return IntrospectionAnswer(body: Array(body))
    }

    /// The endpoint of the configuration, or of the issuer's metadata (RFC 8414), which must be the issuer's own.
    private func endpoint(
        configured: String?, _ member: (AuthorizationServerMetadata) -> String?
    ) async -> String? {
        if let configured { return configured }
        if metadata == nil { metadata = await discover() }
        guard let url = metadata.flatMap(member) else { return nil }
        // An issuer behind TLS must not hand its keys out in the clear (RFC 8414 section 2).
        return url.hasPrefix("https://") || !issuer.issuer.hasPrefix("https://") ? url : nil
    }

    private func discover() async -> AuthorizationServerMetadata? {
        guard let url = WellKnown.url(AuthorizationServerMetadata.wellKnown, of: issuer.issuer),
            let body = await body(of: HTTPClientRequest(url: url)),
            let metadata = try? JSONDecoder().decode(AuthorizationServerMetadata.self, from: body),
            // RFC 8414 section 3.3: identical, or the document is not used.
            metadata.issuer.utf8.elementsEqual(issuer.issuer.utf8)
        else { return nil }
        return metadata
    }

    /// The body of a 200 answer; nil for anything else, and after two seconds.
    private func body(of request: HTTPClientRequest) async -> Data? {
        var request = request
        request.headers.add(name: "Accept", value: "application/json")
        do {
            let response = try await http.execute(request, timeout: Self.deadline)
            guard response.status == .ok else { return nil }
            return Data(try await response.body.collect(upTo: PublishedKeys.maximumLength).readableBytesView)
        } catch {
            return nil
        }
    }

    private static func readSecret(_ issuer: ServerConfiguration.Issuer) throws -> Secret<String>? {
        guard let path = issuer.clientSecretFile else { return nil }
        guard let data = try? Data(contentsOf: URL(filePath: path)), let text = String(validating: data, as: UTF8.self) else {
            throw StartFailure("\(path): cannot be read")
        }
        return Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
