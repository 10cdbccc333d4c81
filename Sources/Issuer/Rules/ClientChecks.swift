package import Auth
import Foundation
package import MutualTLS
package import OAuth
package import Store

/// What a client's authentication is judged on.
package struct ClientEvidence: Sendable {
    package var credentials: ClientCredentials?
    /// What is registered under the presented `client_id`.
    package var registration: ClientRegistration?
    /// The secret that fits; known once the check `secret` has passed.
    package var matched: ClientSecretRecord?
    /// The certificate of the connection. The TLS layer built its chain, unless it is self-issued: nobody vouches for that then.
    package var certificate: PeerCertificate?
    /// Whether no secret is asked for: an assertion or a certificate proved who it is, or it is registered as a public client.
    package var isProven = false

    package init(credentials: ClientCredentials?, registration: ClientRegistration?, certificate: PeerCertificate? = nil) {
        self.credentials = credentials
        self.registration = registration
        self.certificate = certificate
    }

    /// Whether it presents what its registration says, so that nobody gets in by an easier way.
    func presents(_ kind: ClientAuthentication) -> Bool {
        credentials?.method.kinds.contains(kind) ?? false && (registration?.client.authentication ?? kind) == kind
    }
}

/// How the issuer knows its clients.
package enum ClientChecks {
    /// `presented`, `assertion`, `certificate`, `self-signed-certificate`, `public`, `secret`, `current`, `enabled`: RFC 6749 sections 2.3.1 and 3.2.1,
    /// RFC 7523 section 3, RFC 8705 section 2.
    /// - Parameter assertions: What an assertion must be; nil: none is taken.
    package static func all(assertions: Verifier<ClientAssertionEvidence>? = nil) -> Verifier<ClientEvidence> {
        Verifier([presented, assertion(assertions), certificate, selfSignedCertificate, publicClient, secret, current, enabled])
    }

    /// Those, `confidential` and `may-introspect` (RFC 7662 section 2.1).
    package static func introspectors(assertions: Verifier<ClientAssertionEvidence>? = nil) -> Verifier<ClientEvidence> {
        Verifier(all(assertions: assertions).checks + [confidential, mayIntrospect])
    }

    /// An assertion by a key that is registered for the client. Says nothing of clients that present something else.
    package static func assertion(_ verifier: Verifier<ClientAssertionEvidence>?) -> Check<ClientEvidence> {
        Check("assertion") { evidence, now in
            guard let credentials = evidence.credentials, credentials.method == .assertion else { return nil }
            guard let verifier, evidence.presents(.privateKeyJWT), let text = evidence.registration?.client.jwks,
                let keys = await PublishedKeys(jwks: Data(text.utf8))
            else { return Refusal(.unknown, "no such client with keys") }
            var assertion = ClientAssertionEvidence(
                assertion: credentials.secret.reveal(), clientID: credentials.id, keys: keys.all,
                isKnown: evidence.registration?.client.origin == .registered)
            if let objection = await verifier.objection(to: &assertion, at: now) { return objection.refusal }
            evidence.isProven = true
            return nil
        }
    }

    /// A certificate with the name that is registered for the client. Says nothing of clients that are known otherwise.
    package static var certificate: Check<ClientEvidence> {
        Check("certificate") { evidence, now in
            guard evidence.credentials?.method == .name, evidence.registration?.client.authentication == .certificate else { return nil }
            guard let peer = evidence.certificate else { return Refusal(.missing, "no client certificate") }
            if peer.isSelfIssued { return Refusal(.untrusted, "nobody vouches for the name in the certificate") }
            guard let name = evidence.registration?.client.certificateName,
                peer.uris.map({ "uri:" + $0 }).contains(name) || peer.dnsNames.map({ "dns:" + $0 }).contains(name)
            else { return Refusal(.name, "the certificate is not that of the client") }
            // The handshake looked at the dates; a connection may outlive them.
            if now > peer.notAfter { return Refusal(.expired, "the client's certificate has expired") }
            evidence.isProven = true
            return nil
        }
    }

    /// The very certificate that the client registered. Says nothing of clients that are known otherwise.
    package static var selfSignedCertificate: Check<ClientEvidence> {
        Check("self-signed-certificate") { evidence, now in
            guard evidence.credentials?.method == .name, let client = evidence.registration?.client,
                client.authentication == .selfSignedCertificate
            else { return nil }
            guard let peer = evidence.certificate else { return Refusal(.missing, "no client certificate") }
            guard RegisteredCertificates.thumbprints(of: client).contains(peer.thumbprint) else {
                return Refusal(.name, "the certificate is not the one that the client registered")
            }
            // Both ends inclusive (RFC 5280 section 4.1.2.5).
            guard peer.notBefore <= now, now <= peer.notAfter else {
                return Refusal(.expired, "the client's certificate is not valid now")
            }
            if peer.mayBeClient == false || peer.maySign == false { return Refusal(.usage, "the certificate is not for clients") }
            evidence.isProven = true
            return nil
        }
    }

    /// A public client is only named. Says nothing of clients that are known otherwise.
    package static var publicClient: Check<ClientEvidence> {
        Check("public") { evidence, _ in
            if evidence.registration != nil, evidence.presents(.none) { evidence.isProven = true }
            return nil
        }
    }

    package static var presented: Check<ClientEvidence> {
        Check("presented") { evidence, _ in
            evidence.credentials == nil ? Refusal(.missing, "no client authentication") : nil
        }
    }

    /// An unknown client and a wrong secret are one check that does the same work, so that neither answer nor time tells them apart.
    package static var secret: Check<ClientEvidence> {
        Check("secret") { evidence, _ in
            if evidence.isProven { return nil }
            guard let credentials = evidence.credentials else { return Refusal(.missing, "no client authentication") }
            guard evidence.presents(.secret) else { return Refusal(.unknown, "not registered for what it presents") }
            let nobody = ClientSecretRecord(id: 0, hash: [UInt8](repeating: 0, count: 32), createdAt: .distantPast)
            let candidates = evidence.registration?.secrets ?? [nobody]
            for candidate in candidates where ClientSecret.matches(credentials.secret, hash: candidate.hash) {
                evidence.matched = candidate
            }
            return evidence.matched == nil ? Refusal(.unknown, "no such client and secret") : nil
        }
    }

    /// Several secrets are good at once while they overlap; a withdrawn or outlived one is not.
    package static var current: Check<ClientEvidence> {
        Check("current") { evidence, now in
            if evidence.isProven { return nil }
            guard let secret = evidence.matched else { return Refusal(.unknown, "no secret was matched") }
            if secret.retiredAt != nil { return Refusal(.revoked, "the secret was retired") }
            if let end = secret.validUntil, now >= end { return Refusal(.expired, "the secret's overlap is over") }
            return nil
        }
    }

    package static var enabled: Check<ClientEvidence> {
        Check("enabled") { evidence, _ in
            evidence.registration?.client.disabledAt == nil ? nil : Refusal(.revoked, "the client is disabled")
        }
    }

    /// What is named only by itself is told nothing of tokens.
    package static var confidential: Check<ClientEvidence> {
        Check("confidential") { evidence, _ in
            guard let client = evidence.registration?.client, client.authentication != .none else {
                return Refusal(.scope, "a public client may not introspect tokens")
            }
            return nil
        }
    }

    package static var mayIntrospect: Check<ClientEvidence> {
        Check("may-introspect") { evidence, _ in
            evidence.registration?.client.mayIntrospect ?? false ? nil : Refusal(.scope, "the client may not introspect tokens")
        }
    }
}
