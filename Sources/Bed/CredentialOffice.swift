import Foundation
import Probing
import Scenarios

/// Issues, renews and withdraws the credentials of one cell, in whatever way its scheme means those words.
struct CredentialOffice: Sendable {
    let scheme: Scheme
    let world: CellWorld

    /// - Parameters:
    ///   - predecessor: Set for a successor: same principal, both valid.
    ///   - lifetime: Seconds; nil for the scheme's production lifetime.
    func issue(_ name: String, succeeding predecessor: Credential?, lifetime: Double?, scopes: [String]) async throws -> Credential {
        var credential = Credential(name: name, principal: predecessor?.principal ?? name, scopes: scopes)
        let seconds = lifetime ?? scheme.lifetime
        let issuedAt = world.clock.now
        if scheme.presents.contains("api-key") {
            if let given = try givenCredential(principal: credential.principal) {
                credential.apiKey = given
            } else {
                try await addKey(to: &credential, lifetime: seconds)
            }
        }
        // The certificate first: a token may be bound to it.
        if scheme.presents.contains("certificate") {
            let life = scheme.presents.contains("token") && lifetime == nil ? 365 * 86400 : seconds
            world.countCommand()
            let issued = try world.pki.issueClient(
                name: credential.name, principal: credential.principal, lifetime: life, now: world.clock.now)
            credential.identity = issued.identity
            credential.serial = issued.serial
            credential.thumbprint = issued.thumbprint
            credential.expiry = min(credential.expiry, issued.notAfter)
        }
        if scheme.presents.contains("token") {
            if let given = try givenCredential(principal: credential.principal) {
                credential.token = given
                return credential
            }
            if scheme.binding == "dpop" { credential.possession = try PossessionKey() }
            if scheme.isUsers, world.bedIssuer == nil {
                try await signIn(&credential, succeeding: predecessor, lifetime: min(seconds, 3600))
            } else {
                try await addClient(to: &credential, succeeding: predecessor, lifetime: min(seconds, 3600))
                try await fetchToken(for: &credential)
            }
        }
        // What was asked for, when the expiry says the same: it is given in whole seconds, from some moment during the command.
        let life = credential.expiry - issuedAt
        credential.lifetime = abs(life - seconds) < 1.5 ? seconds : life.rounded()
        return credential
    }

    /// Withdraws a credential: the key is revoked, the token is revoked at its issuer, the certificate goes on the list. Where
    /// tokens are a user's, the refresh token is given back, which ends everything that came of the consent.
    func revoke(_ credential: Credential) async throws {
        if credential.identity != nil {
            guard let serial = credential.serial else {
                throw BedError("\(credential.name)'s certificate cannot be revoked: it is not the bed's")
            }
            world.countCommand()
            try world.pki.revoke(serial: serial, now: world.clock.now)
        } else if let id = credential.apiKeyID {
            _ = try await world.serverHook("revoke").run(world.placeholders(["key-id": [id]]))
        } else if credential.login != nil, let token = credential.refreshToken {
            try await codeFlow(of: credential).revoke(token, hint: "refresh_token")
        } else if let token = credential.token {
            try await revokeToken(token, credential)
        }
    }

    /// Withdraws a credential that a successor has replaced.
    func retire(_ credential: Credential) async throws {
        if credential.login != nil, let token = credential.token {
            // The refresh token has been replaced already; what is left is the access token.
            try await codeFlow(of: credential).revoke(token, hint: "access_token")
        } else if credential.token != nil, let id = credential.clientID {
            _ = try await world.issuerHook("retire").run(world.placeholders(["client-id": [id]], role: .issuer))
        }
        if credential.identity != nil || credential.apiKeyID != nil { try await revoke(credential) }
    }

    /// What the bed was given for that principal; nil where credentials are made.
    private func givenCredential(principal: String) throws -> String? {
        guard let file = world.server.credentials[principal] ?? world.server.credentials["*"] else { return nil }
        let path = file.hasPrefix("/") ? file : "\(world.server.folder ?? ".")/\(file)"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw BedError("\(path) cannot be read") }
        let credential = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !credential.isEmpty, !credential.contains(where: \.isWhitespace) else {
            throw BedError("\(path) holds no credential: one key or token is expected, as it stands after 'Bearer'")
        }
        return credential
    }

    private func addKey(to credential: inout Credential, lifetime: Double) async throws {
        let answer = try await world.serverHook("issue").run(
            world.placeholders([
                "principal": [credential.principal], "scope": credential.scopes, "lifetime": ["\(Int(lifetime))s"],
                "tenant": world.tenant(of: credential.principal).map { [$0] } ?? [],
            ]))
        guard let key = answer["key"]?.text, let id = answer["key_id"]?.text, let expiry = answer["expires_at"]?.number else {
            throw BedError("the server's issue command answered without key, key_id and expires_at")
        }
        (credential.apiKey, credential.apiKeyID, credential.expiry) = (key, id, expiry)
    }

    private func addClient(to credential: inout Credential, succeeding predecessor: Credential?, lifetime: Double) async throws {
        if world.bedIssuer != nil { return }
        let id = predecessor?.clientID ?? credential.principal
        let hook = try world.issuerHook(predecessor == nil ? "issue" : "rotate")
        let answer = try await hook.run(
            world.placeholders(
                [
                    "client-id": [id], "scope": credential.scopes, "lifetime": ["\(Int(lifetime))s"],
                    "resource": [world.serverURL], "bound": scheme.binding.map { [$0] } ?? [],
                ], role: .issuer))
        guard let secret = answer["client_secret"]?.text else {
            throw BedError("the issuer's command answered without client_secret")
        }
        (credential.clientID, credential.clientSecret) = (id, secret)
    }

    /// Gets an access token as any client would (RFC 6749 section 4.4), or mints one where the bed is the issuer.
    func fetchToken(for credential: inout Credential) async throws {
        if let issuer = world.bedIssuer(for: credential.principal) {
            let minted = try issuer.mint(
                subject: credential.principal, scopes: credential.scopes, audience: world.serverURL, lifetime: 3600,
                confirmation: credential.confirmation(scheme),
                // Under a name that no other issuer has a key by.
                signedBy: issuer.keys.last)
            (credential.token, credential.expiry) = (minted.token, min(credential.expiry, minted.expiry))
            return
        }
        guard let id = credential.clientID, let secret = credential.clientSecret else { throw BedError("no client to get a token with") }
        let body = WebForm.encode([
            ("grant_type", "client_credentials"), ("scope", credential.scopes.joined(separator: " ")), ("resource", world.serverURL),
        ])
        let answer = try await world.askIssuer(path: "token_endpoint", body: body, clientID: id, secret: secret, by: credential)
        guard let token = answer["access_token"] as? String else {
            throw BedError("the issuer gave no token for \(credential.name): \(answer["error"] as? String ?? "no error code")")
        }
        credential.token = token
        let life = (answer["expires_in"] as? Double) ?? 3600
        credential.expiry = min(credential.expiry, Self.expiry(of: token) ?? (world.clock.now + life))
    }

    private func revokeToken(_ token: String, _ credential: Credential) async throws {
        if let issuer = world.bedIssuer { return issuer.revoke(token) }
        guard let id = credential.clientID, let secret = credential.clientSecret else { throw BedError("no client to revoke a token with") }
        _ = try await world.askIssuer(
            path: "revocation_endpoint", body: WebForm.encode([("token", token), ("token_type_hint", "access_token")]), clientID: id,
            secret: secret)
    }

    /// The `exp` of a signed token, read without any verification: the bed asked for it and needs to know the second.
    static func expiry(of token: String) -> Double? {
        let parts = token.split(separator: ".")
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        text += String(repeating: "=", count: (4 - text.count % 4) % 4)
        guard let data = Data(base64Encoded: text), let claims = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] else {
            return nil
        }
        return claims["exp"] as? Double
    }
}

extension Scheme {
    /// Whether its tokens are got by a user who signs in.
    var isUsers: Bool { grant == "authorization-code" }
}

extension Credential {
    /// The `cnf` claim of its tokens, as JSON text; nil where they are bound to nothing.
    func confirmation(_ scheme: Scheme) -> String? {
        switch scheme.binding {
        case "dpop": possession.map { #"{"jkt":"\#($0.thumbprint)"}"# }
        case "certificate": thumbprint.map { ##"{"x5t#S256":"\##($0)"}"## }
        default: nil
        }
    }
}
