import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// The connections of one client to one kind of peer, made anew when a file they hang on has changed.
///
/// A half-written pair of files, such as a renewal leaves for a moment, changes nothing: the last good ones stay in use.
package actor HTTPConnections {
    private struct Host: Hashable {
        let name: String
        let isSecure: Bool
    }

    private let policy: ConnectionPolicy
    private let files: TLSFiles
    /// The name to verify in place of the address's host, for that host.
    private let nameForHost: [String: String]
    private let report: @Sendable (String) -> Void
    private var stamps: [String: FileStamp] = [:]
    private var configuration: TLSConfiguration?
    /// One for each host: a new connection's certificate is checked for the name it was made for.
    private var clients: [Host: HTTPClient] = [:]
    /// Calls under way on each client, the current one and those that were replaced.
    private var busy: [ObjectIdentifier: Int] = [:]

    /// - Parameters:
    ///   - serverName: The name to verify in the certificate of `host`, in place of `host` itself.
    ///   - report: Takes a sentence for the operator.
    package init(
        policy: ConnectionPolicy, files: TLSFiles, serverName: (host: String, name: String)? = nil,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.policy = policy
        self.files = files
        nameForHost = serverName.map { [$0.host: $0.name.lowercased()] } ?? [:]
        self.report = report
    }

    /// Sends one call. The whole answer must be there within the limit.
    package func exchange(_ call: HTTPCall, within limit: Duration) async throws(ClientError) -> HTTPAnswer {
        let client = try client(for: call.address)
        let request = request(for: call)
        let bodyLimit = policy.bodyLimit
        let origin = call.address.origin
        begin(client)
        defer { end(client) }
        return try await withDeadline(limit, what: origin) { () async throws(ClientError) -> HTTPAnswer in
            do {
                let response = try await client.execute(request, timeout: .nanoseconds(limit.nanoseconds))
                return try await AnswerReader(limit: bodyLimit, enough: call.enough).read(response)
            } catch {
                throw ClientError(network: error, origin: origin)
            }
        }
    }

    /// Ends all connections. Calls still under way fail. A peer that takes its time to say good-bye is not waited for.
    package func close() async {
        let clients = self.clients.values
        self.clients = [:]
        for client in clients {
            let (ends, end) = AsyncStream.makeStream(of: Void.self)
            Task {
                try? await client.shutdown()
                end.finish()
            }
            Task {
                try? await Task.sleep(for: .milliseconds(200), clock: .suspending)
                end.finish()
            }
            for await _ in ends {}
        }
    }

    private func begin(_ client: HTTPClient) {
        busy[ObjectIdentifier(client), default: 0] += 1
    }

    /// A replaced client is shut down when its last call is done: a renewal costs no call.
    private func end(_ client: HTTPClient) {
        let id = ObjectIdentifier(client)
        let left = (busy[id] ?? 1) - 1
        busy[id] = left > 0 ? left : nil
        if left == 0, !clients.values.contains(where: { $0 === client }) { Task { try? await client.shutdown() } }
    }

    private func client(for address: WebAddress) throws(ClientError) -> HTTPClient {
        replaceIfChanged()
        let host = Host(name: address.host, isSecure: address.scheme == "https")
        if let client = clients[host] { return client }
        let tls: TLSConfiguration
        if let configuration { tls = configuration } else { tls = try policy.tls(files) }
        configuration = tls
        let client = make(host, tls)
        clients[host] = client
        return client
    }

    /// Takes what the files hold now, when they have changed; all connections are then made anew.
    private func replaceIfChanged() {
        var now: [String: FileStamp] = [:]
        for path in files.paths { now[path] = FileStamp(path) }
        guard now != stamps else { return }
        // Not tried again until something changes again, or every call would pay for it.
        stamps = now
        guard configuration != nil else { return }
        do throws(ClientError) {
            configuration = try policy.tls(files)
            let old = clients.values
            clients = [:]
            for client in old where busy[ObjectIdentifier(client)] == nil { Task { try? await client.shutdown() } }
        } catch {
            report("the last good certificate stays in use: \(error)")
        }
    }

    private func make(_ host: Host, _ tls: TLSConfiguration) -> HTTPClient {
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: policy.redirects)
        configuration.timeout.connect = .seconds(policy.connectSeconds)
        // A connection that cannot be made is an answer in itself; trying again in silence would hide it.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.idleTimeout = .seconds(policy.idleSeconds)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        configuration.decompression = .disabled
        configuration.httpVersion = .http1Only
        if host.isSecure {
            let expected = nameForHost[host.name] ?? host.name
            if expected != host.name { configuration.dnsOverride[expected] = host.name }
            let isForHost = policy.isForHost
            configuration.http1_1ConnectionDebugInitializer = { channel in
                channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
                    guard let certificate, isForHost(try certificate.toDERBytes(), expected) else {
                        channel.close(promise: nil)
                        throw ClientError.tls("the certificate of \(host.name) is not for the name \(expected)")
                    }
                }
            }
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private func request(for call: HTTPCall) -> HTTPClientRequest {
        var text = call.address.text
        var fields = HTTPHeaders(call.fields.fields.map { ($0.name, $0.value) })
        if let name = nameForHost[call.address.host] {
            let query = call.address.query.map { "?\($0)" } ?? ""
            text = "\(call.address.scheme)://\(name):\(call.address.port)\(call.address.path)\(query)"
            fields.replaceOrAdd(name: "Host", value: call.address.authority)
        }
        var request = HTTPClientRequest(url: text)
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        request.headers = fields
        if !call.body.isEmpty { request.body = .bytes(ByteBuffer(bytes: call.body)) }
        return request
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
