import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// The server's line to those who publish what is revoked: bounded in length and time, and never sent elsewhere by a redirect.
final class RevocationFetcher: Service {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let listDeadline = TimeAmount.seconds(30)
    /// An answer is a few kilobytes, with the signer's certificate.
    static let longestAnswer = 64 * 1024

    private let http: HTTPClient

    init() {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(10)))
        configuration.httpVersion = .http1Only
        // Whoever refuses a connection is down; the next question will tell whether that is still so.
        configuration.connectionPool.retryConnectionEstablishment = false
        // A responder that keeps some waiting must not keep the others from asking.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// A revocation list from its distribution point (RFC 5280 section 4.2.1.13).
    func list(at url: String, maximumLength: Int) async throws -> [UInt8] {
        try await body(of: HTTPClientRequest(url: url), deadline: Self.listDeadline, maximumLength: maximumLength)
    }

    /// The answer to an OCSP question (RFC 6960 appendix A.1).
    func answer(to question: [UInt8], from responder: String, deadline: TimeAmount) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: responder)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/ocsp-request")
        request.headers.add(name: "Accept", value: "application/ocsp-response")
        request.body = .bytes(ByteBuffer(bytes: question))
        return try await body(of: request, deadline: deadline, maximumLength: Self.longestAnswer)
    }

    private func body(of request: HTTPClientRequest, deadline: TimeAmount, maximumLength: Int) async throws -> [UInt8] {
        let response = try await http.execute(request, timeout: deadline)
        guard response.status == .ok else { throw Failure(description: "it answers \(response.status.code)") }
        do {
            return Array(try await response.body.collect(upTo: maximumLength).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Failure(description: "it sends more than \(maximumLength) bytes")
        }
    }

    /// Holds the line open until the server stops.
    func run() async throws {
        try? await gracefulShutdown()
        try await http.shutdown()
    }
}
