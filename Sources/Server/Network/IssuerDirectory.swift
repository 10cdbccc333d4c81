package import OAuth
import ServiceLifecycle

package import struct Foundation.Data

/// The lines to all trusted issuers, by their identifiers.
package final class IssuerDirectory: Introspector, Service {
    private let clients: [String: IssuerClient]

    /// - Throws: `StartFailure` for files that cannot be read.
    package init(_ issuers: [ServerConfiguration.Issuer]) throws {
        clients = try Dictionary(uniqueKeysWithValues: issuers.map { ($0.issuer, try IssuerClient($0)) })
    }

    /// The JWKS of an issuer, for `JWKSCache`.
    package func jwks(of issuer: String) async -> Data? {
        await clients[issuer]?.jwks()
    }

    package func introspect(token: String, issuer: String) async -> IntrospectionAnswer {
        await clients[issuer]?.introspect(token) ?? .unreachable
    }

    package func reload() async throws {
        for client in clients.values { try await client.reload() }
    }

    /// Holds the lines open until the server stops.
    package func run() async throws {
        try? await gracefulShutdown()
        for client in clients.values { try await client.shutdown() }
    }
}
