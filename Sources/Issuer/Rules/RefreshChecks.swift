package import Auth
import Foundation
package import OAuth
package import Store

/// What a refresh is judged on (RFC 6749 section 6).
package struct RefreshEvidence: Sendable {
    /// What the store knows of the presented token; nil: nothing.
    package var state: RefreshState?
    /// Who gave the grant.
    package var user: UserRecord?
    /// The client that presents it, which was authenticated if it can be.
    package var client: ClientRecord
    /// The `scope` parameter.
    package var scope: String?
    /// The values of all `resource` parameters.
    package var resources: [String]
    /// What the request proves the possession of.
    package var confirmation: Confirmation?
    /// The scope of the access token; known once the check `scope` has passed.
    package var granted: ScopeSet?

    package init(
        state: RefreshState?, user: UserRecord?, client: ClientRecord, scope: String? = nil, resources: [String] = [],
        confirmation: Confirmation? = nil
    ) {
        self.state = state
        self.user = user
        self.client = client
        self.scope = scope
        self.resources = resources
        self.confirmation = confirmation
    }
}

/// Who may exchange a refresh token, and for what. That it is exchanged once is ``RefreshUseRule``'s, and comes behind these.
package enum RefreshChecks {
    /// `issued`, `client`, `binding`, `grant-not-revoked`, `user-enabled`, `not-expired`, `scope`, `resource`.
    package static var all: Verifier<RefreshEvidence> {
        Verifier([issued, client, binding, grantNotRevoked, userEnabled, notExpired, scope, resource])
    }

    package static var issued: Check<RefreshEvidence> {
        Check("issued") { evidence, _ in
            evidence.state == nil ? Refusal(.unknown, "not a refresh token of this issuer") : nil
        }
    }

    /// Issued to this client (RFC 6749 section 10.4).
    package static var client: Check<RefreshEvidence> {
        Check("client") { evidence, _ in
            evidence.state?.grant.clientID == evidence.client.id ? nil : Refusal(.name, "the refresh token is another client's")
        }
    }

    /// The key or certificate of a client that proves itself by nothing else (RFC 9449 section 5, RFC 8705 section 4).
    package static var binding: Check<RefreshEvidence> {
        Check("binding") { evidence, _ in
            guard let bound = evidence.state?.grant.confirmation else { return nil }
            let key = bound.keyThumbprint.map { $0 == evidence.confirmation?.keyThumbprint } ?? true
            let certificate = bound.certificateThumbprint.map { $0 == evidence.confirmation?.certificateThumbprint } ?? true
            return key && certificate ? nil : Refusal(.binding, "the refresh token is bound to what was not proven")
        }
    }

    package static var grantNotRevoked: Check<RefreshEvidence> {
        Check("grant-not-revoked") { evidence, _ in
            evidence.state?.grant.revokedAt == nil ? nil : Refusal(.revoked, "the grant was revoked")
        }
    }

    package static var userEnabled: Check<RefreshEvidence> {
        Check("user-enabled") { evidence, _ in
            guard let user = evidence.user, user.disabledAt == nil else { return Refusal(.revoked, "the user is disabled") }
            return nil
        }
    }

    /// Nobody used it for too long.
    package static var notExpired: Check<RefreshEvidence> {
        Check("not-expired") { evidence, now in
            evidence.state.map { now < $0.token.expiresAt } ?? false ? nil : Refusal(.expired, "the refresh token has expired")
        }
    }

    /// What was granted, less what its client may not have any more; or a part of that, and never more (RFC 6749 section 6).
    package static var scope: Check<RefreshEvidence> {
        Check("scope") { evidence, _ in
            let allowed = evidence.state?.grant.scopes.intersection(evidence.client.scopes) ?? []
            guard let requested = evidence.scope.map({ ScopeSet(parsing: $0) }) ?? allowed, !requested.isEmpty else {
                return Refusal(.scope, "the scope is malformed, or nothing is left of what was granted")
            }
            guard allowed.isSuperset(of: requested) else {
                return Refusal(.scope, "not granted: \(requested.subtracting(allowed))")
            }
            evidence.granted = requested
            return nil
        }
    }

    /// The grant's resource, and no other (RFC 8707 section 2.2).
    package static var resource: Check<RefreshEvidence> {
        Check("resource") { evidence, _ in
            evidence.resources.allSatisfy { $0 == evidence.state?.grant.audience }
                ? nil : Refusal(.audience, "the grant is for another resource")
        }
    }
}
