package import Auth
import OAuth
package import Store

/// What the redemption of an authorization code is judged on (RFC 6749 section 4.1.3).
package struct CodeEvidence: Sendable {
    /// What the store knows of the presented code; nil: nothing.
    package var code: CodeRecord?
    /// Who gave it.
    package var user: UserRecord?
    /// The client that presents it, which was authenticated if it can be.
    package var client: ClientRecord
    /// The `redirect_uri` of the request.
    package var redirectURI: String?
    /// The `code_verifier` of the request.
    package var verifier: Secret<String>?
    /// The values of all `resource` parameters.
    package var resources: [String]
    /// The key that the request proves the possession of.
    package var keyThumbprint: String?

    package init(
        code: CodeRecord?, user: UserRecord?, client: ClientRecord, redirectURI: String?, verifier: Secret<String>?,
        resources: [String] = [],
        keyThumbprint: String? = nil
    ) {
        self.code = code
        self.user = user
        self.client = client
        self.redirectURI = redirectURI
        self.verifier = verifier
        self.resources = resources
        self.keyThumbprint = keyThumbprint
    }
}

/// Who may redeem an authorization code. That it is redeemed once is ``CodeUseRule``'s, and comes behind these: who does not
/// hold what belongs to the code can neither use it up nor end what it was redeemed for.
package enum CodeChecks {
    /// `issued`, `client`, `redirect-uri`, `verifier`, `key`, `resource`, `not-expired`, `user-enabled`.
    package static var all: Verifier<CodeEvidence> {
        Verifier([issued, client, redirectURI, verifier, key, resource, notExpired, userEnabled])
    }

    package static var issued: Check<CodeEvidence> {
        Check("issued") { evidence, _ in
            evidence.code == nil ? Refusal(.unknown, "not a code of this issuer") : nil
        }
    }

    /// Given to this client (RFC 6749 section 4.1.3).
    package static var client: Check<CodeEvidence> {
        Check("client") { evidence, _ in
            evidence.code?.clientID == evidence.client.id ? nil : Refusal(.name, "the code was given to another client")
        }
    }

    /// The same, byte for byte, as in the authorization request. It may be left out: what it protects from, an injected code,
    /// the verifier protects from, which no redemption goes without (OAuth 2.1 section 10.2).
    package static var redirectURI: Check<CodeEvidence> {
        Check("redirect-uri") { evidence, _ in
            guard let presented = evidence.redirectURI else { return nil }
            return evidence.code?.redirectURI.isIdentical(to: presented) == true
                ? nil : Refusal(.binding, "the redirect URI is another than the code was sent to")
        }
    }

    /// RFC 7636 section 4.6.
    package static var verifier: Check<CodeEvidence> {
        Check("verifier") { evidence, _ in
            guard let verifier = evidence.verifier else { return Refusal(.missing, "code_verifier is missing") }
            guard ProofKey.isVerifier(verifier.reveal()) else {
                return Refusal(.malformed, "code_verifier does not have 43 to 128 unreserved characters")
            }
            guard let code = evidence.code, ProofKey.matches(verifier: verifier, challenge: code.challenge) else {
                return Refusal(.binding, "the verifier is not that of the code's challenge")
            }
            return nil
        }
    }

    /// The key that the authorization request named (RFC 9449 section 10), where it named one.
    package static var key: Check<CodeEvidence> {
        Check("key") { evidence, _ in
            guard let bound = evidence.code?.keyThumbprint else { return nil }
            return evidence.keyThumbprint == bound ? nil : Refusal(.binding, "the code is bound to a key that was not proven")
        }
    }

    /// The resource that the user consented to, and no other (RFC 8707 section 2.2).
    package static var resource: Check<CodeEvidence> {
        Check("resource") { evidence, _ in
            evidence.resources.allSatisfy { $0 == evidence.code?.audience }
                ? nil : Refusal(.audience, "the code was given for another resource")
        }
    }

    /// Says nothing of codes that were redeemed in time: presenting one again later is a replay still.
    package static var notExpired: Check<CodeEvidence> {
        Check("not-expired") { evidence, now in
            guard let code = evidence.code, code.redeemedAt == nil, now >= code.expiresAt else { return nil }
            return Refusal(.expired, "the code has expired")
        }
    }

    package static var userEnabled: Check<CodeEvidence> {
        Check("user-enabled") { evidence, _ in
            guard let user = evidence.user, user.disabledAt == nil else { return Refusal(.revoked, "the user is disabled") }
            return nil
        }
    }
}
