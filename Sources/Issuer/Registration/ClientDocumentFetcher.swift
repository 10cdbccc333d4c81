import AsyncHTTPClient
import Auth
import Foundation
import MutualTLS
import NIOCore
import NIOHTTP1
import NIOSSL
import OAuth

/// Fetches the document of a client over HTTPS: small, soon, from a public address, and without being sent elsewhere
/// (draft-ietf-oauth-client-id-metadata-document section 6).
package struct ClientDocumentFetcher: Sendable {
    /// A file in PEM: who may vouch for the hosts; nil: the system's authorities.
    package var authorities: String?
    /// Whether hosts on this machine and in private networks are asked too.
    package var allowsPrivate = false
    /// How often it lets itself be sent elsewhere.
    package var redirects = 0
    /// The longest document that is read, in octets.
    package var maximumLength = 64 * 1024

    static let deadline = Duration.seconds(3)

    func fetch(_ text: String) async throws(OAuthError) -> FetchedDocument {
        guard let url = ClientDocumentURL(text) else { throw Self.failure("the URL is not one of a document", .malformed) }
        switch await Deadline.race(Self.deadline, { await self.attempt(url) }) {
        case nil: throw Self.failure("it took too long", .issuerUnreachable)
        case .success(let document)?: return document
        case .failure(let error)?: throw error
        }
    }

    private func attempt(_ url: ClientDocumentURL) async -> Result<FetchedDocument, OAuthError> {
        do {
            let address = try await address(of: url.host)
            let http = try client(for: url.host, at: address)
            let result: Result<FetchedDocument, any Error>
            do {
                result = .success(try await document(url, http))
            } catch {
                result = .failure(error)
            }
            try? await http.shutdown()
            return .success(try result.get())
        } catch let error as OAuthError {
            return .failure(error)
        } catch {
            return .failure(Self.failure("there is no connection", .issuerUnreachable, detail: "\(type(of: error))"))
        }
    }

    /// One of the host's addresses, after all of them were looked at: a name that leads into a private network as well as out of it
    /// is used by nobody in good faith.
    private func address(of host: String) async throws -> IPAddress {
        let addresses = try await HostAddresses.resolve(host)
        guard let first = addresses.first else { throw Self.failure("its host is not known", .issuerUnreachable) }
        guard allowsPrivate || addresses.allSatisfy(\.isPublic) else {
            throw Self.failure("its host is not on the public network", .issuerUnreachable)
        }
        return first
    }

    /// A client for one connection, to exactly the address that was looked at: asking the resolver once more could give another.
    private func client(for host: String, at address: IPAddress) throws -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let authorities { tls.trustRoots = .certificates(try Self.certificates(authorities)) }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: redirects > 0 ? .follow(max: redirects, allowCycles: false) : .disallow)
        configuration.timeout.connect = .seconds(2)
        configuration.httpVersion = .http1Only
        configuration.decompression = .disabled
        configuration.connectionPool.retryConnectionEstablishment = false
        guard IPAddress(host) == nil else { return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration) }
        configuration.dnsOverride[host] = address.text
        // The library's verification is content with a certificate for the address as well.
        configuration.http1_1ConnectionDebugInitializer = { channel in
            channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
                guard let certificate, try PeerCertificate(der: certificate.toDERBytes()).dnsNames.contains(where: { Self.names($0, host) })
                else {
                    channel.close(promise: nil)
                    throw Self.failure("the certificate of its host is for another name", .name)
                }
            }
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private func document(_ url: ClientDocumentURL, _ http: HTTPClient) async throws -> FetchedDocument {
        var request = HTTPClientRequest(url: url.text)
        request.headers.add(name: "Accept", value: "application/json")
        let response = try await http.execute(request, timeout: .seconds(3))
        guard response.status == .ok else { throw Self.failure("its host answers with HTTP \(response.status.code)", .malformed) }
        let type = response.headers["Content-Type"].first?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() ?? ""
        guard type == "application/json" || type.hasPrefix("application/") && type.hasSuffix("+json") else {
            throw Self.failure("it is not JSON", .type)
        }
        let body: ByteBuffer
        do {
            body = try await response.body.collect(upTo: maximumLength)
        } catch is NIOTooManyBytesError {
            throw Self.failure("it is longer than \(maximumLength / 1024) KiB", .malformed)
        }
        guard let members = try? StrictJSON.parseObject(Array(body.readableBytesView)) else {
            throw Self.failure("it is not a JSON object", .malformed)
        }
        return FetchedDocument(members: members, freshness: FetchedDocument.freshness(response.headers["Cache-Control"]))
    }

    /// - Throws: `UnusableFile`.
    static func certificates(_ file: String) throws -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(file), !certificates.isEmpty else {
            throw UnusableFile(path: file, reason: "it holds no certificate in PEM")
        }
        return certificates
    }

    /// A wildcard stands for the whole left-most label (RFC 9525 section 6.3).
    private static func names(_ presented: String, _ host: String) -> Bool {
        let presented = presented.lowercased()
        guard presented.hasPrefix("*.") else { return presented == host }
        guard let dot = host.firstIndex(of: "."), dot != host.startIndex, presented.dropFirst(2).contains(".") else { return false }
        return presented.dropFirst(1) == host[dot...]
    }

    private static func failure(_ why: String, _ reason: Reason, detail: String = "") -> OAuthError {
        OAuthError(
            .invalidClient, "the document of the application cannot be used: \(why)", because: reason,
            detail: detail.isEmpty ? "" : "the document of the application cannot be used: \(why) (\(detail))")
    }
}
