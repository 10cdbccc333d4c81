package import Auth
import Foundation
package import Store

/// What a client's authentication is judged on.
package struct ClientEvidence: Sendable {
    package var credentials: ClientCredentials?
    /// What is registered under the presented `client_id`.
    package var registration: ClientRegistration?
    /// The secret that fits; known once the check `secret` has passed.
    package var matched: ClientSecretRecord?

    package init(credentials: ClientCredentials?, registration: ClientRegistration?) {
        self.credentials = credentials
        self.registration = registration
    }
}

/// How the issuer knows its clients.
package enum ClientChecks {
    /// `presented`, `secret`, `current`, `enabled`: RFC 6749 sections 2.3.1 and 3.2.1.
    package static var all: Verifier<ClientEvidence> {
        Verifier([presented, secret, current, enabled])
    }

    /// Those, and `may-introspect` (RFC 7662 section 2.1).
    package static var introspectors: Verifier<ClientEvidence> {
        Verifier(all.checks + [mayIntrospect])
    }

    package static var presented: Check<ClientEvidence> {
        Check("presented") { evidence, _ in
            evidence.credentials == nil ? Refusal(.missing, "no client authentication") : nil
        }
    }

    /// An unknown client and a wrong secret are one check that does the same work, so that neither answer nor time tells them apart.
    package static var secret: Check<ClientEvidence> {
        Check("secret") { evidence, _ in
            guard let credentials = evidence.credentials else { return Refusal(.missing, "no client authentication") }
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

    package static var mayIntrospect: Check<ClientEvidence> {
        Check("may-introspect") { evidence, _ in
            evidence.registration?.client.mayIntrospect ?? false ? nil : Refusal(.scope, "the client may not introspect tokens")
        }
    }
}
