import Auth
import MCP

import struct Foundation.Date

/// What a token cache holds, and how it is written: one JSON object.
package struct CacheContent: Sendable {
    package var tokens: [CachedTokens.Owner: CachedTokens] = [:]
    /// Where the client registered itself, by issuer.
    package var registrations: [String: RegisteredClient] = [:]

    package init() {}

    /// Why a text is no cache.
    struct Problem: Error {
        let message: String
    }

    init(parsing text: [UInt8]) throws(Problem) {
        guard !text.isEmpty else { return }
        guard let document = try? JSONValue(parsing: text), let kind = document["mcp_client_cache"] else {
            throw Problem(message: "is not a token cache of mcp-client")
        }
        guard kind == 1 else { throw Problem(message: "is a token cache of another version of mcp-client") }
        guard let tokens = document["tokens"]?.array, let registrations = document["registrations"]?.array else {
            throw Problem(message: "is not a whole token cache")
        }
        for (index, value) in tokens.enumerated() {
            guard let entry = CachedTokens(json: value) else {
                throw Problem(message: "is not a whole token cache (tokens, entry \(index + 1))")
            }
            self.tokens[entry.owner] = entry
        }
        for (index, value) in registrations.enumerated() {
            guard let issuer = value["issuer"]?.string, let client = RegisteredClient(json: value) else {
                throw Problem(message: "is not a whole token cache (registrations, entry \(index + 1))")
            }
            self.registrations[issuer] = client
        }
    }

    /// In order, so that equal contents are equal files.
    var text: String {
        let tokens = tokens.values.map(\.json).sorted { $0.text < $1.text }
        let registrations = registrations.map { issuer, client in client.json(issuer: issuer) }.sorted { $0.text < $1.text }
        let document: JSONValue = ["mcp_client_cache": 1, "tokens": .array(tokens), "registrations": .array(registrations)]
        return document.text + "\n"
    }
}

extension CachedTokens {
    fileprivate init?(json: JSONValue) {
        guard let issuer = json["issuer"]?.string, let resource = json["resource"]?.string, let clientID = json["client_id"]?.string,
            let token = json["access_token"]?.string, let since = json["since"]?.seconds, let lifetime = json["lifetime_seconds"]?.seconds,
            let scopes = ScopeSet(parsing: json["scope"]?.string ?? "")
        else { return nil }
        self.init(
            owner: Owner(issuer: issuer, resource: resource, clientID: clientID), accessToken: Secret(token),
            since: Date(timeIntervalSince1970: since), lifetime: lifetime, refreshToken: json["refresh_token"]?.string.map { Secret($0) },
            scopes: scopes, key: json["dpop_key"]?.string.map { Secret($0) })
    }

    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "issuer": .string(owner.issuer), "resource": .string(owner.resource), "client_id": .string(owner.clientID),
            "access_token": .string(accessToken.reveal()), "since": .number(since.timeIntervalSince1970),
            "lifetime_seconds": .number(lifetime), "scope": .string(scopes.description),
        ]
        if let refreshToken { members["refresh_token"] = .string(refreshToken.reveal()) }
        if let key { members["dpop_key"] = .string(key.reveal()) }
        return .object(members)
    }
}

extension RegisteredClient {
    fileprivate init?(json: JSONValue) {
        guard let id = json["client_id"]?.string, let method = json["token_endpoint_auth_method"]?.string else { return nil }
        self.init(
            id: id, origin: .dynamic, method: method, secret: json["client_secret"]?.string.map { Secret($0) },
            secretExpiry: json["client_secret_expires_at"]?.seconds.map { Date(timeIntervalSince1970: $0) },
            redirectURI: json["redirect_uri"]?.string)
    }

    fileprivate func json(issuer: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "issuer": .string(issuer), "client_id": .string(id), "token_endpoint_auth_method": .string(method),
        ]
        if let secret { members["client_secret"] = .string(secret.reveal()) }
        if let secretExpiry { members["client_secret_expires_at"] = .number(secretExpiry.timeIntervalSince1970) }
        if let redirectURI { members["redirect_uri"] = .string(redirectURI) }
        return .object(members)
    }
}

extension JSONValue {
    /// A time since 1970 or a length of time; nil for more than fits before the year 10000.
    fileprivate var seconds: Double? {
        let seconds: Double? =
            switch self {
            case .integer(let value): Double(value)
            case .number(let value): value
            default: nil
            }
        return seconds.flatMap { abs($0) < 253_402_300_800 ? $0 : nil }
    }
}
