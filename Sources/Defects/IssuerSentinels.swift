import Auth
import Foundation
import HTTPTypes
import Issuer

extension Defect {
    /// Trivial issuers. No check may read `pass` on one of them. Those that listen say where they are and publish their keys, so that
    /// clients get as far as asking them for something.
    static let issuerSentinels: [Defect] = [
        Defect("sentinel/issuer-dead", issuer: { _ in exit(1) }),
        Defect(
            "sentinel/issuer-refuses-everyone",
            issuer: { parts in
                parts.saying { _ in
                    try .error(.invalidClient(Refusal(.unknown)), cacheControl: "no-store", challenge: "Basic")
                }
            }),
        Defect(
            "sentinel/issuer-accepts-everyone",
            issuer: { parts in
                parts.saying { request in
                    if request.path.hasSuffix("/authorize") {
                        let address = Self.parameter("redirect_uri", request.query ?? "") ?? "/"
                        return IssuerAnswer(status: .seeOther, headers: [.location: "\(address)?code=\(UUID().uuidString)"])
                    }
                    return try .json(Everything(), cacheControl: "no-store")
                }
            }),
        Defect("sentinel/issuer-says-ok", issuer: { $0.saying { _ in try .json([String: String](), cacheControl: nil) } }),
        Defect(
            "sentinel/issuer-hangs",
            issuer: { parts in
                parts.respond = { _, _ in
                    try await Task.sleep(for: .seconds(3600))
                    throw CancellationError()
                }
            }),
    ]

    /// What every endpoint would say to somebody who is welcome.
    private struct Everything: Encodable {
        var access_token = UUID().uuidString
        var refresh_token = UUID().uuidString
        var token_type = "Bearer"
        var expires_in = 3600
        var client_id = UUID().uuidString
        var active = true
    }

    private static func parameter(_ name: String, _ query: String) -> String? {
        URLComponents(string: "?" + query)?.queryItems?.first { $0.name == name }?.value
    }
}

extension IssuerParts {
    /// The same answer for everybody, but for the documents.
    fileprivate mutating func saying(_ answer: @escaping @Sendable (IssuerRequest) async throws -> IssuerAnswer) {
        respond = { endpoints, request in
            let isDocument = request.path.contains("/.well-known/") || request.path.hasSuffix("/jwks")
            return isDocument ? try await endpoints.respond(to: request) : try await answer(request)
        }
    }
}
