import ArgumentParser
import Auth
import Issuer
import Store

extension AddClient {
    /// What makes no sense is said before anything is done.
    func check() throws {
        guard !id.isEmpty, id.utf8.count <= 255, id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._~:/@".contains($0)) })
        else { throw ValidationError("a client's identifier has letters, digits and -._~:/@ only") }
        guard !scope.isEmpty || introspection else { throw ValidationError("a client without --scope or --introspection has no use") }
        for scope in scope where ScopeSet(parsing: scope)?.scopes != [scope] {
            throw ValidationError("'\(scope)' is not a scope (RFC 6749 section 3.3)")
        }
        for resource in resource where !ResourceIdentifier.isValid(resource) {
            throw ValidationError("'\(resource)' is not an absolute URI without fragment (RFC 8707 section 2)")
        }
        try checkGrants()
        try checkAuthentication()
        if let tokenLifetime, !(1...LifetimeRule.maximum).contains(tokenLifetime.value) {
            throw ValidationError("tokens live from 1s to 1h")
        }
    }

    private func checkGrants() throws {
        for uri in redirectURI {
            if let problem = RedirectURI.problem(uri, applicationType: nil) { throw ValidationError("'\(uri)': \(problem)") }
        }
        guard grants.contains(.authorizationCode) == !redirectURI.isEmpty else {
            throw ValidationError("--redirect-uri goes with --grant authorization_code, and that not without it")
        }
        guard !grants.contains(.refreshToken) || grants.contains(.authorizationCode) else {
            throw ValidationError("refresh tokens come with authorization_code only")
        }
        if let name, name.isEmpty || name.count > 100 || name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        {
            throw ValidationError("a name has 1 to 100 characters, on one line")
        }
    }

    private func checkAuthentication() throws {
        guard authentication == nil || !isPublic else { throw ValidationError("a public client has no --authentication") }
        guard !isPublic || (!introspection && !grants.contains(.clientCredentials)) else {
            throw ValidationError("a public client proves itself by nothing: neither --introspection nor client_credentials are for it")
        }
        guard method == .selfSignedCertificate || (method == .privateKeyJWT) == (jwks != nil) else {
            throw ValidationError("--jwks goes with --authentication private_key_jwt, and that not without it")
        }
        guard (method == .selfSignedCertificate) == (certificate != nil || (jwks != nil && method != .privateKeyJWT)) else {
            throw ValidationError(
                "--certificate, or --jwks, goes with --authentication self_signed_tls_client_auth, and that not without one")
        }
        guard (method == .certificate) == (certificateName != nil) else {
            throw ValidationError("--certificate-name goes with --authentication tls_client_auth, and only with it")
        }
    }
}
