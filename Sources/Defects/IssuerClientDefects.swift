import Auth
import Foundation
import Issuer
import OAuth
import Store

extension Defect {
    /// Clients that are taken at their word, and those who say that they are one.
    static let issuerClientDefects: [Defect] = [
        Defect("issuer/sends-no-challenge", issuer: { $0.challenge = nil }),
        Defect(
            "issuer/reads-names-undecoded",
            issuer: { parts in
                let right = parts.readCredentials
                parts.readCredentials = { (authorization, form) throws(OAuthError) in
                    guard var found = try right(authorization, form), found.method == .basic else { return try right(authorization, form) }
                    found.id = found.id.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._"))) ?? ""
                    return found
                }
            }),
        Defect(
            "issuer/looks-for-secrets-in-the-header-only",
            issuer: { parts in
                let right = parts.readCredentials
                parts.readCredentials = { (authorization, form) throws(OAuthError) in
                    let found = try right(authorization, form)
                    return found?.method == .post ? nil : found
                }
            }),
        Defect(
            "issuer/takes-the-first-of-two-secrets",
            issuer: { parts in
                let right = parts.readCredentials
                parts.readCredentials = { (authorization, form) throws(OAuthError) in
                    guard !authorization.isEmpty, form["client_secret"] != nil else { return try right(authorization, form) }
                    let nothing = try FormParameters(contentType: ["application/x-www-form-urlencoded"], body: [])
                    return try right(authorization, nothing)
                }
            }),
        Defect("issuer/takes-any-secret", issuer: { $0.clients = $0.clients.replacing("secret", with: anySecret) }),
        Defect("issuer/takes-any-askers-secret", issuer: { $0.introspectors = $0.introspectors.replacing("secret", with: anySecret) }),
        Defect(
            "issuer/takes-a-name-for-proof",
            issuer: { parts in
                parts.clients = parts.clients.replacing(
                    "public",
                    with: Check("public") { evidence, now in
                        let isNamed = evidence.credentials?.method == ClientCredentials.Method.name
                        if isNamed, evidence.registration?.client.authentication == .secret { evidence.isProven = true }
                        return await ClientChecks.publicClient(&evidence, at: now)
                    })
            }),
        Defect("issuer/takes-retired-secrets", issuer: { $0.clients = $0.clients.dropping("current") }),
        Defect("issuer/serves-disabled-clients", issuer: { $0.clients = $0.clients.dropping("enabled") }),
        Defect(
            "issuer/tells-who-is-a-client",
            issuer: { parts in
                parts.clients = parts.clients.replacing(
                    "presented",
                    with: Check("presented") { evidence, now in
                        if let refusal = await ClientChecks.presented(&evidence, at: now) { return refusal }
                        return evidence.registration == nil ? Refusal(.scope, "there is no such client") : nil
                    })
            }),
        Defect(
            "issuer/tells-who-is-a-user",
            issuer: { $0.loginRefusal = { $0 == nil ? "There is no such user." : "The password is wrong." } }),
        Defect(
            "issuer/works-less-for-nobody",
            issuer: { $0.passwords = Passwords(cost: PasswordHash.Cost(rounds: 1, blockSize: 1, parallelism: 1)) }),
        Defect("issuer/takes-assertions-for-others", issuer: { $0.assertions = $0.assertions?.dropping("audience") }),
        Defect("issuer/ignores-assertion-times", issuer: { $0.assertions = $0.assertions?.dropping("times") }),
        Defect("issuer/ignores-who-makes-an-assertion", issuer: { $0.assertions = $0.assertions?.dropping("client") }),
        Defect("issuer/ignores-assertion-signatures", issuer: { $0.assertions = $0.assertions?.dropping("signature") }),
        Defect("issuer/takes-assertions-again", issuer: { $0.assertions = $0.assertions?.dropping("not-replayed") }),
        Defect(
            "issuer/lets-anybody-guess",
            issuer: { parts in
                var policy = GuessLimits.Policy()
                (policy.freeForName, policy.freeForSource) = (.max, .max)
                parts.guesses = GuessLimits(policy: policy)
            }),
        Defect("issuer/locks-out-the-guessed", issuer: { $0.guesses = GuessLimits(network: { _ in "everybody" }) }),
        Defect(
            "issuer/registers-any-address",
            issuer: { parts in
                parts.registrationMetadata = parts.registrationMetadata.replacing(
                    "redirect-uris",
                    with: Check("redirect-uris") { evidence, _ in
                        evidence.client.redirectURIs = evidence.members["redirect_uris"]?.strings ?? []
                        return nil
                    })
            }),
        Defect(
            "issuer/registers-any-scope",
            issuer: { parts in
                parts.registrationMetadata = parts.registrationMetadata.replacing(
                    "scope",
                    with: Check("scope") { evidence, _ in
                        if let text = evidence.members["scope"]?.string, let scopes = ScopeSet(parsing: text) {
                            evidence.client.scopes = scopes
                        }
                        return nil
                    })
            }),
        Defect("issuer/registers-without-end", issuer: { $0.registrations = RequestRate(burst: 1_000_000, perSecond: 1_000_000) }),
        Defect("issuer/believes-any-document", issuer: { $0.documentMetadata = $0.documentMetadata.dropping("identifier") }),
        Defect("issuer/takes-documents-without-a-name", issuer: { $0.documentMetadata = $0.documentMetadata.dropping("named") }),
        Defect("issuer/reads-endless-documents", issuer: { $0.documentFetcher?.maximumLength = 100 * 1024 * 1024 }),
        Defect("issuer/follows-documents", issuer: { $0.documentFetcher?.redirects = 5 }),
        Defect("issuer/fetches-from-private-networks", issuer: { $0.documentFetcher?.allowsPrivate = true }),
        Defect(
            "issuer/leads-document-clients-anywhere",
            issuer: { parts in
                parts.authorizations = parts.authorizations.replacing(
                    "redirect-uri",
                    with: Check("redirect-uri") { evidence, now in
                        guard evidence.client?.origin == .metadataDocument, let uri = evidence.parameters["redirect_uri"] else {
                            return await AuthorizationChecks.redirectURI(&evidence, at: now)
                        }
                        evidence.redirectURI = RedirectURI(uri)
                        return nil
                    })
            }),
    ]

    /// Takes the newest secret for the one that was shown.
    private static let anySecret = Check<ClientEvidence>("secret") { evidence, now in
        let shown = [.basic, .post].contains(evidence.credentials?.method)
        if shown, let newest = evidence.registration?.secrets.max(by: { $0.createdAt < $1.createdAt }) {
            evidence.matched = newest
            return nil
        }
        return await ClientChecks.secret(&evidence, at: now)
    }
}
