import Scenarios

/// Tokens that a user got by signing in. The client is public: there is no secret, so nothing that an operator would rotate.
extension CredentialOffice {
    /// A user, a client, a sign-in with consent; or, for a successor, the refresh token of its predecessor.
    func signIn(_ credential: inout Credential, succeeding predecessor: Credential?, lifetime: Double) async throws {
        if let predecessor {
            guard let token = predecessor.refreshToken else { throw BedError("\(predecessor.name) has no refresh token") }
            (credential.login, credential.clientID) = (predecessor.login, predecessor.clientID)
            let flow = try codeFlow(of: credential)
            try take(try await flow.tokens(flow.refreshment(with: token)), for: &credential)
            return
        }
        let clientID = "\(credential.principal)-app"
        let user = try await world.issuerHook("add-user").run(world.placeholders(["user": [credential.principal]], role: .issuer))
        guard let password = user["password"]?.text else { throw BedError("the issuer's command answered without password") }
        let login = Login(user: credential.principal, password: password)
        let client = try await world.issuerHook("issue-public").run(
            world.placeholders(
                [
                    "client-id": [clientID], "scope": credential.scopes, "lifetime": ["\(Int(lifetime))s"],
                    "resource": [world.serverURL], "redirect-uri": [CodeFlow.redirectURI],
                ], role: .issuer))
        guard client["client_id"]?.text == clientID else { throw BedError("the issuer's command answered without client_id") }
        (credential.login, credential.clientID) = (login, clientID)
        let flow = try codeFlow(of: credential)
        let code = try await flow.authorize(login, scopes: credential.scopes)
        try take(try await flow.tokens(flow.redemption(of: code)), for: &credential)
        credential.redeemed = code
    }

    func codeFlow(of credential: Credential) throws -> CodeFlow {
        guard let clientID = credential.clientID, credential.login != nil else {
            throw BedError("\(credential.name) is nobody's who signs in")
        }
        return CodeFlow(world: world, clientID: clientID)
    }

    private func take(_ tokens: CodeFlow.Tokens, for credential: inout Credential) throws {
        guard let refresh = tokens.refresh else { throw BedError("the issuer gave no refresh token for \(credential.name)") }
        (credential.token, credential.refreshToken) = (tokens.access, refresh)
        credential.expiry = min(credential.expiry, Self.expiry(of: tokens.access) ?? (world.clock.now + tokens.lifetime))
    }
}
