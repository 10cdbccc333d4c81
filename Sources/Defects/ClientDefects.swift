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
            }),
        Defect(
            "client/refreshes-for-each-caller",
            client: { parts in
                parts.tokenSource = { needs in TokenForEachCall(fetch: needs.fetch) }
            }),
        Defect(
            "client/never-refreshes",
            client: { parts in
                parts.lifetime = TokenLifetime(read: { _ in 365 * 86400 }, margin: { _ in 0 })
                parts.recoveries = 0
            }),
    ]
}

/// Fetches a token for every call, whoever else is fetching one at that moment.
private struct TokenForEachCall: CredentialSource {
    let fetch: TokenSource.Fetch

    func credential() async throws(ClientError) -> BearerCredential? {
        let grant = try await fetch(nil)
        return BearerCredential(value: grant.token, generation: 0)
    }

    func replacement(for refused: BearerCredential?, challenge: Challenge?) async throws(ClientError) -> BearerCredential? { nil }
}
