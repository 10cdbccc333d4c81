import Auth
import Crypto
import Foundation
import Issuer
import OAuth
import Store

extension Defect {
    /// Token requests that are read loosely, and tokens that are not what they should be.
    static let issuerTokenDefects: [Defect] = [
        Defect("issuer/lets-answers-be-stored", issuer: { $0.tokenCacheControl = nil }),
        Defect("issuer/tells-no-kind-of-token", issuer: { $0.bendAnswer { answer, _ in answer.tokenType = "" } }),
        Defect("issuer/tells-another-scope", issuer: { $0.bendAnswer { answer, _ in answer.scope += " mcp:execute" } }),
        Defect("issuer/tells-another-lifetime", issuer: { $0.bendAnswer { answer, _ in answer.expiresIn += 60 } }),
        Defect(
            "issuer/gives-refresh-tokens-to-all",
            issuer: { $0.bendAnswer { answer, grant in if grant.user == nil { answer.refreshToken = RefreshToken.generate() } } }),
        Defect(
            "issuer/reads-the-address",
            issuer: { parts in
                parts.decisionMethods.insert("GET")
                let right = parts.readParameters
                parts.readParameters = { request in
                    guard let query = request.query, !query.isEmpty else { return try await right(request) }
                    return try FormParameters(contentType: ["application/x-www-form-urlencoded"], body: Array(query.utf8))
                }
            }),
        Defect(
            "issuer/takes-the-last-of-several",
            issuer: { parts in
                parts.readParameters = { request in
                    let body = try await request.readBody()
                    var last: [(name: Substring, pair: Substring)] = []
                    for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
                        let name = pair.prefix { $0 != "=" }
                        last.removeAll { $0.name == name }
                        last.append((name, pair))
                    }
                    return try FormParameters(contentType: request.contentType, body: Array(last.map(\.pair).joined(separator: "&").utf8))
                }
            }),
        Defect(
            "issuer/takes-passwords",
            issuer: { parts in
                let right = parts.grantType
                parts.grantType = GrantTypeRule { (requested, client) throws(OAuthError) in
                    requested == "password" ? .clientCredentials : try right(requested, for: client)
                }
            }),
        Defect(
            "issuer/refuses-what-it-does-not-know",
            issuer: { parts in
                let right = parts.readParameters
                parts.readParameters = { request in
                    let form = try await right(request)
                    guard form["example"] == nil else { throw OAuthError.invalidRequest("there is a parameter that is not known") }
                    return form
                }
            }),
        Defect(
            "issuer/ends-at-a-missing-secret",
            issuer: { parts in
                let right = parts.readCredentials
                parts.readCredentials = { (authorization, form) throws(OAuthError) in
                    // Where a program expects that what is always sent is there.
                    let names = form["grant_type"] == "client_credentials" && form["client_id"] != nil
                    if authorization.isEmpty, names, form["client_secret"] == nil, form["client_assertion"] == nil, mayActNow() { exit(70) }
                    return try right(authorization, form)
                }
            }),
        Defect(
            "issuer/grants-any-scope",
            issuer: { parts in
                parts.scope = ScopeRule { requested, client in requested.flatMap { ScopeSet(parsing: $0) } ?? client.scopes }
            }),
        Defect(
            "issuer/gives-everything-unasked",
            issuer: { parts in
                let right = parts.scope
                parts.scope = ScopeRule { (requested, client) throws(OAuthError) in
                    let scopes = try right(requested, for: client)
                    return requested == nil ? ScopeSet(scopes.scopes.union(["mcp:write"])) : scopes
                }
            }),
        Defect(
            "issuer/ignores-resources",
            issuer: { parts in
                let right = parts.resource
                parts.resource = ResourceRule { (requested, client) throws(OAuthError) in
                    let known = requested.filter { client.resources.contains($0) }
                    return known.isEmpty ? client.resources.first ?? "" : try right(known, for: client)
                }
            }),
        Defect("issuer/gives-tokens-for-a-day", issuer: { $0.lifetime = LifetimeRule { _ in 86_400 } }),
        Defect("issuer/gives-everybody-the-same-audience", issuer: { $0.bendClaims { $0.audience = "https://everybody.example" } }),
        Defect("issuer/names-no-tokens", issuer: { $0.bendClaims { $0.jti = nil } }),
        Defect("issuer/names-all-tokens-alike", issuer: { $0.bendClaims { $0.jti = "token" } }),
        Defect(
            "issuer/signs-tokens-of-no-type",
            issuer: { $0.signer = TokenSigner { claims, key in try key.sign(claims, header: ["typ": "JWT"]) } }),
        Defect("issuer/signs-with-a-password", issuer: { $0.signer = TokenSigner { claims, _ in try Self.hmac(claims, "secret") } }),
        Defect(
            "issuer/breaks-signatures",
            issuer: { parts in
                let right = parts.signer
                parts.signer = TokenSigner { claims, key in
                    let token = try right(claims, with: key)
                    guard let dot = token.lastIndex(of: ".") else { return token }
                    let first = token.index(after: dot)
                    return token[..<first] + (token[first] == "A" ? "B" : "A") + token[token.index(after: first)...]
                }
            }),
    ]

    /// A token as many a tutorial makes it. Two are never the same, even where their claims are.
    private static func hmac(_ claims: some Encodable, _ secret: String) throws -> String {
        let header = Base64URL.encode(Data(#"{"alg":"HS256","kid":"\#(UInt64.random(in: 0 ... .max))","typ":"at+jwt"}"#.utf8))
        let input = "\(header).\(Base64URL.encode(try JSONEncoder().encode(claims)))"
        let code = HMAC<SHA256>.authenticationCode(for: Data(input.utf8), using: SymmetricKey(data: Data(secret.utf8)))
        return "\(input).\(Base64URL.encode(code))"
    }
}

extension IssuerParts {
    /// Another answer with each token.
    fileprivate mutating func bendAnswer(_ bend: @escaping @Sendable (inout TokenAnswer, Grant) -> Void) {
        let right = tokenAnswer
        tokenAnswer = { grant, token in
            var answer = right(grant, token)
            bend(&answer, grant)
            return answer
        }
    }

    /// Other claims in each token.
    fileprivate mutating func bendClaims(_ bend: @escaping @Sendable (inout Issuer.AccessTokenClaims) -> Void) {
        let right = claims
        claims = { grant in
            var claims = right(grant)
            bend(&claims)
            return claims
        }
    }
}
