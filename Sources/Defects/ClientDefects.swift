import Client
import Foundation
import NIOSSL

extension Defect {
    /// Bent parts of the client.
    static let clientDefects: [Defect] = [
        Defect(
            "client/verifies-nothing",
            client: { parts in
                let right = parts.connection.tls
                parts.connection.tls = { files throws(ClientError) in
                    var configuration = try right(files)
                    configuration.certificateVerification = .none
                    return configuration
                }
                parts.connection.isForHost = { _, _ in true }
            }),
        Defect(
            "client/ignores-the-servers-name",
            client: { parts in
                let right = parts.connection.tls
                parts.connection.tls = { files throws(ClientError) in
                    var configuration = try right(files)
                    configuration.certificateVerification = .noHostnameVerification
                    return configuration
                }
                parts.connection.isForHost = { _, _ in true }
            }),
        Defect(
            "client/refreshes-for-each-caller",
            client: { parts in
                parts.tokenSource = { needs in TokenForEachCall(fetch: needs.fetch) }
            }),
        Defect(
            "client/never-refreshes",
            client: { parts in
                parts.tokenSource = { needs in TokenForEver(fetch: needs.fetch) }
            }),
        Defect("client/no-lock-between-processes", client: { $0.cache.lock = { _, _, _ in {} } }),
        Defect("client/wipes-tokens-when-the-issuer-is-down", client: { $0.cache.ends = { _ in true } }),
        Defect("client/gives-up-at-once", client: { $0.retries = Retries { _, _, _ in nil } }),
    ]
}

/// Fetches a token for every call, whoever else is fetching one at that moment.
private struct TokenForEachCall: CredentialSource {
    let fetch: TokenSource.Fetch

    func credential() async throws(ClientError) -> BearerCredential? { nil }

    func replacement(for refused: BearerCredential?, challenge: Challenge?) async throws(ClientError) -> BearerCredential? {
        refused == nil ? BearerCredential(value: try await fetch(TokenNeed(challenge: challenge)).token, generation: 1) : nil
    }
}

/// Fetches one token, and knows no other.
private actor TokenForEver: CredentialSource {
    private let fetch: TokenSource.Fetch
    private var token: BearerCredential?
    private var flight: Task<Result<BearerCredential, ClientError>, Never>?

    init(fetch: @escaping TokenSource.Fetch) { self.fetch = fetch }

    func credential() async throws(ClientError) -> BearerCredential? { token }

    func replacement(for refused: BearerCredential?, challenge: Challenge?) async throws(ClientError) -> BearerCredential? {
        guard refused == nil else { return nil }
        if let token { return token }
        let flight =
            flight
            ?? Task { [fetch] in
                do throws(ClientError) {
                    return .success(BearerCredential(value: try await fetch(TokenNeed(challenge: challenge)).token, generation: 1))
                } catch { return .failure(error) }
            }
        self.flight = flight
        token = try await flight.value.get()
        return token
    }
}
