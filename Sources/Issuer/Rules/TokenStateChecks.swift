package import Auth
package import Store

/// What introspection judges a token on.
package struct TokenEvidence: Sendable {
    /// What the store knows of the token; nil: it was not issued here.
    package var state: TokenState?
    /// Who asks; nil when anybody may, which only a defect allows.
    package var asker: ClientRecord?

    package init(state: TokenState?, asker: ClientRecord?) {
        self.state = state
        self.asker = asker
    }
}

/// When a token is active (RFC 7662 section 2.2). Whatever refuses, the answer is `{"active":false}` and nothing more.
package enum TokenStateChecks {
    /// `issued`, `not-expired`, `not-revoked`, `grant-not-revoked`, `user-enabled`, `client-enabled`,
    /// `secret-not-retired`, `visible`.
    package static var all: Verifier<TokenEvidence> {
        Verifier([issued, notExpired, notRevoked, grantNotRevoked, userEnabled, clientEnabled, secretNotRetired, visible])
    }

    package static var issued: Check<TokenEvidence> {
        Check("issued") { evidence, _ in
            evidence.state == nil ? Refusal(.unknown, "not a token of this issuer") : nil
        }
    }

    package static var notExpired: Check<TokenEvidence> {
        Check("not-expired") { evidence, now in
            evidence.state.map { now < $0.token.expiresAt } ?? false ? nil : Refusal(.expired, "the token has expired")
        }
    }

    package static var notRevoked: Check<TokenEvidence> {
        Check("not-revoked") { evidence, _ in
            evidence.state?.token.revokedAt == nil ? nil : Refusal(.revoked, "the token was revoked")
        }
    }

    /// Nor the act of consent that it comes from.
    package static var grantNotRevoked: Check<TokenEvidence> {
        Check("grant-not-revoked") { evidence, _ in
            evidence.state?.grant?.revokedAt == nil ? nil : Refusal(.revoked, "the token's grant was revoked")
        }
    }

    package static var userEnabled: Check<TokenEvidence> {
        Check("user-enabled") { evidence, _ in
            evidence.state?.isUserEnabled ?? false ? nil : Refusal(.revoked, "the token's user is disabled")
        }
    }

    package static var clientEnabled: Check<TokenEvidence> {
        Check("client-enabled") { evidence, _ in
            evidence.state?.client.disabledAt == nil ? nil : Refusal(.revoked, "the token's client is disabled")
        }
    }

    package static var secretNotRetired: Check<TokenEvidence> {
        Check("secret-not-retired") { evidence, _ in
            evidence.state?.secret?.retiredAt == nil ? nil : Refusal(.revoked, "the secret behind the token was retired")
        }
    }

    /// A resource server that is registered for resources is told of tokens for those only (RFC 7662 section 4).
    package static var visible: Check<TokenEvidence> {
        Check("visible") { evidence, _ in
            guard let asker = evidence.asker, !asker.resources.isEmpty, let audience = evidence.state?.token.audience else { return nil }
            return asker.resources.contains(audience) ? nil : Refusal(.audience, "the token is for another resource")
        }
    }
}
