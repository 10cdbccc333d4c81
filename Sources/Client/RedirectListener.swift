import NIOCore
import NIOHTTP1
import NIOPosix

/// Listens on loopback until a browser brings one answer (RFC 8252 section 7.3), and then to nobody any more.
package final class RedirectListener: Sendable {
    /// The redirect URI, with the port that was bound.
    package let uri: String
    package let port: Int
    private let channel: any Channel
    private let answers: AsyncStream<Result<FormParameters, ClientError>>
    private let continuation: AsyncStream<Result<FormParameters, ClientError>>.Continuation

    private init(
        uri: String, port: Int, channel: any Channel, answers: AsyncStream<Result<FormParameters, ClientError>>,
        continuation: AsyncStream<Result<FormParameters, ClientError>>.Continuation
    ) {
        self.uri = uri
        self.port = port
        self.channel = channel
        self.answers = answers
        self.continuation = continuation
    }

    /// - Parameter preferred: The port to take where any would do, if it is free: the one that the issuer knows from before.
    package static func open(_ redirect: RedirectURI, preferring preferred: Int? = nil) async throws(ClientError) -> RedirectListener {
        if redirect.port == 0, let preferred, let listener = try? await bind(redirect, port: preferred) { return listener }
        do {
            return try await bind(redirect, port: redirect.port)
        } catch {
            throw .local("nothing can listen at \(redirect.text(port: redirect.port)), where the browser is to bring the answer")
        }
    }

    private static func bind(_ redirect: RedirectURI, port: Int) async throws -> RedirectListener {
        let (answers, continuation) = AsyncStream.makeStream(of: Result<FormParameters, ClientError>.self)
        let path = redirect.path
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 16)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    let port = channel.localAddress?.port ?? 0
                    try channel.pipeline.syncOperations.addHandler(
                        RedirectHandler(path: path, authority: redirect.authority(port: port)) { answer in
                            // Only the first counts: the stream ends with it.
                            continuation.yield(.success(answer))
                            continuation.finish()
                        })
                }
            }
            .bind(host: redirect.host == "localhost" ? "127.0.0.1" : redirect.host, port: port).get()
        guard let bound = channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        return RedirectListener(
            uri: redirect.text(port: bound), port: bound, channel: channel, answers: answers, continuation: continuation)
    }

    /// The parameters that the browser brought.
    ///
    /// - Throws: When nobody came in time, or `fail` was called.
    package func answer(within limit: Duration) async throws(ClientError) -> FormParameters {
        let answers = answers
        return try await withDeadline(limit, what: "the login in the browser") { () async throws(ClientError) -> FormParameters in
            for await answer in answers { return try answer.get() }
            throw .transport("the login in the browser was given up")
        }
    }

    /// Ends the waiting: nobody will come.
    package func fail(_ error: ClientError) {
        continuation.yield(.failure(error))
        continuation.finish()
    }

    /// Listens no longer. A page that is on its way to the browser still gets there.
    package func close() {
        continuation.finish()
        channel.close(promise: nil)
    }
}
