import Auth
import MCP

import struct Foundation.Date

/// Makes the client known to an issuer: by what was registered beforehand, by its metadata document, or by registering itself, in that
/// order (MCP client registration).
struct Registrar: Sendable {
    let configuration: OAuthConfiguration
    let parts: ClientParts
    let exchange: HTTPExchange

    /// Who the client is at that issuer as far as is known; nil when it has to register itself first.
    ///
    /// - Throws: When there is no way to become known there.
    func known(at place: Discovery.Result, in content: CacheContent) throws(ClientError) -> RegisteredClient? {
        let issuer = place.issuer
        if let id = configuration.clientID {
            try checkBinding(of: id, at: place, in: content)
            let method = configuration.methods.first(where: issuer.takes) ?? configuration.methods[0]
            return RegisteredClient(id: id, origin: .configured, method: method)
        }
        if let url = configuration.clientMetadataURL, issuer.readsClientMetadata {
            return RegisteredClient(id: url.text, origin: .metadataDocument, method: "none")
        }
        guard configuration.dynamicRegistration, issuer.registrationEndpoint != nil else {
            throw .violation(
                "the token issuer \(issuer.issuer.text) does not know this client, and offers no way that is configured to become known: register it there and give its client_id",
                status: nil)
        }
        guard let kept = parts.cache.registration(content, issuer.issuer.text), kept.secretExpiry.map({ parts.clock.date() < $0 }) ?? true
        else { return nil }
        return kept
    }

    /// RFC 7591 section 3.
    func register(at issuer: IssuerMetadata, redirectURI: String) async throws(ClientError) -> RegisteredClient {
        guard let endpoint = issuer.registrationEndpoint else {
            throw .violation("the token issuer \(issuer.issuer.text) has no registration endpoint", status: nil)
        }
        let asked = issuer.takes("none") ? "none" : "client_secret_basic"
        let metadata: JSONValue = [
            "client_name": ClientIdentity.json["name"] ?? .null, "redirect_uris": [.string(redirectURI)],
            "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
            "token_endpoint_auth_method": .string(asked), "application_type": "native",
        ]
        let answer = try await exchange(
            HTTPCall(
                .post, endpoint, fields: ["Content-Type": "application/json", "Accept": "application/json"],
                body: Array(metadata.text.utf8)))
        let document = try? JSONValue(parsing: answer.body)
        guard (200...201).contains(answer.status) else {
            let error = document?["error"]?.string.flatMap(ErrorCode.init)?.text
            guard (400...499).contains(answer.status) else {
                throw .transport("the token issuer at \(endpoint.origin) is in trouble (\(answer.status))")
            }
            throw .refused(ClientRefusal(by: .issuer, status: answer.status, error: error, retryAfter: answer.retryAfter))
        }
        guard let id = document?["client_id"]?.string, (1...2048).contains(id.utf8.count),
            id.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw .violation("\(endpoint.text) gave no client_id", status: answer.status) }
        let secret = document?["client_secret"]?.string.map { Secret($0) }
        // What the issuer made of the wish counts (section 3.2.1).
        let method = document?["token_endpoint_auth_method"]?.string ?? (secret == nil ? "none" : "client_secret_basic")
        guard method == "none" || secret != nil && ["client_secret_basic", "client_secret_post"].contains(method) else {
            throw .violation("\(endpoint.text) registered the client in a way that it cannot prove itself by", status: answer.status)
        }
        let expiry = document?["client_secret_expires_at"]?.integer.flatMap { $0 > 0 ? Date(timeIntervalSince1970: Double($0)) : nil }
        return RegisteredClient(
            id: id, origin: .dynamic, method: method, secret: method == "none" ? nil : secret, secretExpiry: expiry,
            redirectURI: redirectURI)
    }

    private func checkBinding(of id: String, at place: Discovery.Result, in content: CacheContent) throws(ClientError) {
        let now = place.issuer.issuer.text
        let owner = CachedTokens.Owner(issuer: now, resource: place.resource, clientID: id)
        guard configuration.issuer == nil, let other = parts.cache.otherIssuer(content, owner) else { return }
        throw .violation(
            "the server names the token issuer \(now), and the client's credentials belong to \(other): they are not sent to another; if that is meant, configure the issuer, or forget the old tokens",
            status: nil)
    }
}
