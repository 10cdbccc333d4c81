import Auth
import Foundation
import HTTPTypes
import Issuer
import OAuth
import Store
import Synchronization

extension Defect {
    /// Requests of browsers, codes and refresh tokens that are good for more than they should be.
    static let issuerGrantDefects: [Defect] = [
        Defect(
            "issuer/compares-addresses-by-their-beginning",
            issuer: { $0.bendRedirects { uri, registered in uri.text.hasPrefix(registered.text) || uri.isAllowed(by: registered) } }),
        Defect("issuer/shows-disabled-apps", issuer: { $0.authorizations = $0.authorizations.dropping("enabled") }),
        Defect("issuer/wants-the-very-port", issuer: { $0.bendRedirects { uri, registered in uri.text == registered.text } }),
        Defect(
            "issuer/takes-whatever-begins-like-this-machine",
            issuer: {
                let start = "http://127.0.0.1"
                $0.bendRedirects { uri, registered in
                    // Whatever stands where the port would.
                    let isLoose = uri.text.hasPrefix(start) && uri.text.dropFirst(start.count).first != "/"
                    return uri.isAllowed(by: registered) || isLoose && registered.text.hasPrefix(start)
                }
            }),
        Defect(
            "issuer/leads-anywhere",
            issuer: { parts in
                parts.authorizations = parts.authorizations.replacing(
                    "redirect-uri",
                    with: Check("redirect-uri") { evidence, now in
                        let refusal = await AuthorizationChecks.redirectURI(&evidence, at: now)
                        // The error is told where the request wants it told.
                        if refusal != nil { evidence.redirectURI = evidence.parameters["redirect_uri"].flatMap { RedirectURI($0) } }
                        return refusal
                    })
            }),
        Defect(
            "issuer/needs-no-proof-key",
            issuer: { parts in
                parts.authorizations = parts.authorizations.replacing(
                    "proof-key",
                    with: Check("proof-key") { evidence, now in
                        if evidence.parameters["code_challenge"] == nil { return nil }
                        return await AuthorizationChecks.proofKey(&evidence, at: now)
                    })
            }),
        Defect(
            "issuer/takes-plain-proof-keys",
            issuer: { parts in
                parts.authorizations = parts.authorizations.replacing(
                    "proof-key",
                    with: Check("proof-key") { evidence, now in
                        let method = evidence.parameters["code_challenge_method"] ?? "plain"
                        guard method == "plain", let verifier = evidence.parameters["code_challenge"] else {
                            return await AuthorizationChecks.proofKey(&evidence, at: now)
                        }
                        evidence.challenge = verifier
                        return nil
                    })
            }),
        Defect("issuer/reads-no-response-type", issuer: { $0.authorizations = $0.authorizations.dropping("response-type") }),
        Defect("issuer/drops-the-state", issuer: { $0.authorizationResponse = { $0.without(\.state) } }),
        Defect("issuer/answers-without-a-name", issuer: { $0.authorizationResponse = { $0.without(\.issuer) } }),
        Defect("issuer/sends-forms-on", issuer: { $0.redirectStatus = .temporaryRedirect }),
        Defect(
            "issuer/lets-pages-be-framed",
            issuer: {
                $0.page = { page in
                    var page = page
                    for name in ["X-Frame-Options", "Content-Security-Policy"] { HTTPField.Name(name).map { page.headers[$0] = nil } }
                    return page
                }
            }),
        Defect(
            "issuer/races-for-codes",
            issuer: { parts in
                // Looks, and then acts on what it saw, whatever has happened since.
                let unused = Mutex<Set<[UInt8]>>([])
                let looks = Check<CodeEvidence>("unused") { evidence, _ in
                    guard let code = evidence.code else { return nil }
                    unused.withLock { if code.redeemedAt == nil { _ = $0.insert(code.hash) } else { $0.remove(code.hash) } }
                    try? await Task.sleep(for: .milliseconds(30))
                    return nil
                }
                parts.codes = Verifier(parts.codes.checks + [looks])
                let right = parts.codeUse
                parts.codeUse = CodeUseRule { code in unused.withLock { $0.contains(code.hash) } ? .redeem : right(code) }
            }),
        Defect("issuer/redeems-for-anybody", issuer: { $0.codes = $0.codes.dropping("client") }),
        Defect("issuer/redeems-for-any-address", issuer: { $0.codes = $0.codes.dropping("redirect-uri") }),
        Defect("issuer/redeems-for-any-resource", issuer: { $0.codes = $0.codes.dropping("resource") }),
        Defect("issuer/ignores-verifiers", issuer: { $0.codes = $0.codes.dropping("verifier") }),
        Defect(
            "issuer/takes-challenges-for-verifiers",
            issuer: { parts in
                parts.codes = parts.codes.replacing(
                    "verifier",
                    with: Check("verifier") { evidence, now in
                        if let shown = evidence.verifier?.reveal(), shown == evidence.code?.challenge { return nil }
                        return await CodeChecks.verifier(&evidence, at: now)
                    })
            }),
        Defect("issuer/gives-codes-for-a-day", issuer: { $0.codeLifetime = 86_400 }),
        Defect(
            "issuer/gives-the-same-refresh-token",
            issuer: { parts in
                parts.toldRefreshToken = { presented, _ in presented }
                parts.refreshUse = RefreshUseRule { state, _ in state.token.usedAt == nil ? .rotate : .again }
            }),
        Defect("issuer/refreshes-for-anybody", issuer: { $0.refreshes = $0.refreshes.dropping("client") }),
        Defect(
            "issuer/widens-scopes",
            issuer: { parts in
                parts.refreshes = parts.refreshes.replacing(
                    "scope",
                    with: Check("scope") { evidence, now in
                        guard let wanted = evidence.scope.flatMap({ ScopeSet(parsing: $0) }) else {
                            return await RefreshChecks.scope(&evidence, at: now)
                        }
                        evidence.granted = wanted
                        return nil
                    })
            }),
        Defect("issuer/refreshes-for-any-resource", issuer: { $0.refreshes = $0.refreshes.dropping("resource") }),
        Defect(
            "issuer/refreshes-what-was-revoked",
            issuer: { parts in
                parts.refreshes = parts.refreshes.dropping("grant-not-revoked")
                let right = parts.refreshUse
                parts.refreshUse = RefreshUseRule { state, now in
                    var state = state
                    state.grant.revokedAt = nil
                    return right(state, at: now)
                }
            }),
        Defect("issuer/keeps-idle-sign-ins", issuer: { $0.refreshes = $0.refreshes.dropping("not-expired") }),
    ]
}

extension IssuerParts {
    /// Another comparison of addresses.
    fileprivate mutating func bendRedirects(_ isAllowed: @escaping @Sendable (RedirectURI, RedirectURI) -> Bool) {
        authorizations = authorizations.replacing(
            "redirect-uri",
            with: Check("redirect-uri") { evidence, now in
                let registered = (evidence.client?.redirectURIs ?? []).compactMap { RedirectURI($0) }
                guard let uri = evidence.parameters["redirect_uri"].flatMap({ RedirectURI($0) }),
                    registered.contains(where: { isAllowed(uri, $0) })
                else {
                    return evidence.refuse(
                        .invalidRequest, "the address to return to is not registered for the application", because: .name)
                }
                evidence.redirectURI = uri
                return nil
            })
    }
}

extension AuthorizationResponse {
    fileprivate func without(_ member: WritableKeyPath<AuthorizationResponse, String?>) -> AuthorizationResponse {
        var response = self
        response[keyPath: member] = nil
        return response
    }
}
