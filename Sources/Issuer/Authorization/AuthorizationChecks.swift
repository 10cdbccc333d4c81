package import Auth
import OAuth
import Store

/// Which authorization requests are put before a user (RFC 6749 section 4.1.1, as RFC 9700 has sharpened it).
package enum AuthorizationChecks {
    /// `client`, `enabled`, `code-grant`, `redirect-uri`, and from here on, with somewhere to send errors to: `once`,
    /// `response-type`, `proof-key`, `resource`, `scope`, `prompt`, `bound-key`.
    package static var all: Verifier<AuthorizationEvidence> {
        Verifier([client, enabled, codeGrant, redirectURI, once, responseType, proofKey, resource, scope, prompt, boundKey])
    }

    package static var client: Check<AuthorizationEvidence> {
        Check("client") { evidence, _ in
            guard evidence.parameters["client_id"] != nil else {
                return evidence.refuse(.invalidRequest, "the request names no application", because: .missing)
            }
            guard !evidence.parameters.repeated.contains("client_id") else {
                return evidence.refuse(.invalidRequest, "the request names more than one application", because: .ambiguous)
            }
            return evidence.client == nil
                ? evidence.refuse(.invalidClient, "the application is not known here", because: .unknown) : nil
        }
    }

    package static var enabled: Check<AuthorizationEvidence> {
        Check("enabled") { evidence, _ in
            evidence.client?.disabledAt == nil
                ? nil : evidence.refuse(.unauthorizedClient, "the application has been disabled", because: .revoked)
        }
    }

    package static var codeGrant: Check<AuthorizationEvidence> {
        Check("code-grant") { evidence, _ in
            evidence.client?.grantTypes.contains("authorization_code") ?? false
                ? nil : evidence.refuse(.unauthorizedClient, "the application is not registered to act for people", because: .usage)
        }
    }

    /// One of those that are registered, exactly; not sent at all only where there is one.
    package static var redirectURI: Check<AuthorizationEvidence> {
        Check("redirect-uri") { evidence, _ in
            let registered = (evidence.client?.redirectURIs ?? []).compactMap { RedirectURI($0) }
            guard !evidence.parameters.repeated.contains("redirect_uri") else {
                return evidence.refuse(.invalidRequest, "the request names more than one address to return to", because: .ambiguous)
            }
            guard let requested = evidence.parameters["redirect_uri"] else {
                guard registered.count == 1 else {
                    return evidence.refuse(.invalidRequest, "the request does not say where to return to", because: .missing)
                }
                evidence.redirectURI = registered.first
                return nil
            }
            guard let uri = RedirectURI(requested), registered.contains(where: { uri.isAllowed(by: $0) }) else {
                return evidence.refuse(
                    .invalidRequest, "the address to return to is not registered for the application", because: .name)
            }
            evidence.redirectURI = uri
            return nil
        }
    }

    package static var once: Check<AuthorizationEvidence> {
        Check("once") { evidence, _ in
            evidence.parameters.repeated.isEmpty
                ? nil : evidence.refuse(.invalidRequest, "a parameter is sent more than once", because: .ambiguous)
        }
    }

    /// A code, in the query: no token ever stands in a URL (RFC 9700 section 2.1.2).
    package static var responseType: Check<AuthorizationEvidence> {
        Check("response-type") { evidence, _ in
            guard let type = evidence.parameters["response_type"] else {
                return evidence.refuse(.invalidRequest, "response_type is missing", because: .missing)
            }
            guard type == "code" else {
                return evidence.refuse(.unsupportedResponseType, "the response type is not code", because: .type)
            }
            return evidence.parameters["response_mode"] ?? "query" == "query"
                ? nil : evidence.refuse(.invalidRequest, "the response mode is not query", because: .type)
        }
    }

    /// From confidential clients too (RFC 9700 section 2.1.1). A method that is not named is `plain` (RFC 7636 section 4.3),
    /// which shows the verifier to whoever sees the request.
    package static var proofKey: Check<AuthorizationEvidence> {
        Check("proof-key") { evidence, _ in
            guard let challenge = evidence.parameters["code_challenge"] else {
                return evidence.refuse(.invalidRequest, "code_challenge is missing", because: .missing)
            }
            guard evidence.parameters["code_challenge_method"] == ProofKey.method else {
                return evidence.refuse(.invalidRequest, "code_challenge_method is not S256", because: .algorithm)
            }
            guard ProofKey.isChallenge(challenge) else {
                return evidence.refuse(.invalidRequest, "code_challenge is not a SHA-256 in base64url", because: .malformed)
            }
            evidence.challenge = challenge
            return nil
        }
    }

    package static var resource: Check<AuthorizationEvidence> {
        Check("resource") { evidence, _ in
            guard let client = evidence.client else { return Refusal(.unknown, "no client") }
            do throws(OAuthError) {
                evidence.audience = try evidence.resourceRule(evidence.parameters.all("resource"), for: client)
                return nil
            } catch {
                return evidence.refuse(error)
            }
        }
    }

    package static var scope: Check<AuthorizationEvidence> {
        Check("scope") { evidence, _ in
            guard let client = evidence.client else { return Refusal(.unknown, "no client") }
            do throws(OAuthError) {
                evidence.scopes = try evidence.scopeRule(evidence.parameters["scope"], for: client)
                return nil
            } catch {
                return evidence.refuse(error)
            }
        }
    }

    /// Wishes that are not known here are passed over; `none` stands alone (OpenID Connect Core section 3.1.2.1).
    package static var prompt: Check<AuthorizationEvidence> {
        Check("prompt") { evidence, _ in
            let words = (evidence.parameters["prompt"] ?? "").split(separator: " ").map(String.init)
            guard !words.contains(Prompt.none.rawValue) || words.count == 1 else {
                return evidence.refuse(.invalidRequest, "prompt has none beside another value", because: .ambiguous)
            }
            evidence.prompts = Set(words.compactMap { Prompt(rawValue: $0) })
            return nil
        }
    }

    package static var boundKey: Check<AuthorizationEvidence> {
        Check("bound-key") { evidence, _ in
            guard let thumbprint = evidence.parameters["dpop_jkt"] else { return nil }
            guard Base64URL.decode(thumbprint)?.count == 32 else {
                return evidence.refuse(.invalidRequest, "dpop_jkt is not a SHA-256 in base64url", because: .malformed)
            }
            evidence.keyThumbprint = thumbprint
            return nil
        }
    }
}
