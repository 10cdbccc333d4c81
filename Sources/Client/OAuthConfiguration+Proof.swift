import Auth
import Foundation
import OAuth

extension OAuthConfiguration {
    /// How it is able to prove itself, as metadata spells it, best first. Empty: not known before it is registered.
    var methods: [String] {
        if clientSecret != nil { return ["client_secret_basic", "client_secret_post"] }
        if keyFile != nil { return ["private_key_jwt"] }
        guard clientID != nil else { return [] }
        // RFC 8705 section 2: by the certificate's names, or by the certificate itself; which one is the issuer's affair.
        return showsCertificate ? ["tls_client_auth", "self_signed_tls_client_auth"] : ["none"]
    }

    /// What proves to that issuer whose request it is, made for this one request.
    ///
    /// Files are read at each use, so that a replaced secret or key counts at once.
    func proof(of client: RegisteredClient, to issuer: WebAddress, at now: Date) async throws(ClientError) -> TokenRequest.Proof {
        switch client.method {
        case "client_secret_basic", "client_secret_post":
            var secret = client.secret
            if secret == nil { secret = try clientSecret?.read() }
            guard let secret else { throw .local("the client has no secret") }
            return client.method == "client_secret_basic" ? .secret(secret) : .secretInBody(secret)
        case "private_key_jwt":
            return .assertion(try await assertion(of: client, to: issuer, at: now))
        case "none":
            return .none
        default:
            return .certificate
        }
    }

    private func assertion(of client: RegisteredClient, to issuer: WebAddress, at now: Date) async throws(ClientError) -> Secret<String> {
        guard let keyFile, let pem = try? String(contentsOfFile: keyFile, encoding: .utf8) else {
            throw .local("\(keyFile ?? "key_file"): cannot be read")
        }
        var key = try? await SigningKey(pem: pem, algorithm: .es256)
        if key == nil { key = try? await SigningKey(pem: pem, algorithm: .rs256) }
        guard let key, let text = try? ClientAssertion.make(clientID: client.id, audience: issuer.text, key: key, at: now) else {
            throw .local("\(keyFile): is not a P-256 or RSA private key in PEM")
        }
        return Secret(text)
    }
}
