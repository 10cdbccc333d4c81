import Auth
import Foundation
import Issuer
import Store

extension Defect {
    /// Bent rules of the token issuer.
    static let issuerDefects: [Defect] = [
        Defect(
            "issuer/calls-revoked-tokens-active",
            issuer: { $0.activity = $0.activity.dropping("not-revoked").dropping("secret-not-retired") }),
        Defect(
            "issuer/keeps-only-the-newest-secret",
            issuer: { parts in
                let newestOnly = Check<ClientEvidence>("current") { evidence, _ in
                    let newest = evidence.registration?.secrets.max { $0.createdAt < $1.createdAt }
                    return evidence.matched?.id == newest?.id ? nil : Refusal(.revoked)
                }
                parts.clients = parts.clients.replacing("current", with: newestOnly)
            }),
        Defect("issuer/publishes-only-the-newest-key", issuer: { $0.publishedKeys = { Array($0.prefix(1)) } }),
        Defect(
            "issuer/keeps-refresh-tokens",
            issuer: { $0.refreshUse = RefreshUseRule { state, _ in state.token.usedAt == nil ? .rotate : .again } }),
        Defect(
            "issuer/no-family-revocation",
            issuer: { parts in
                let right = parts.refreshUse
                parts.refreshUse = RefreshUseRule { state, now in
                    let use = right(state, at: now)
                    return use == .revoke ? .refuse : use
                }
            }),
        Defect("issuer/knows-no-lost-answers", issuer: { $0.refreshUse = .standard(grace: -1) }),
        Defect("issuer/codes-twice", issuer: { $0.codeUse = CodeUseRule { _ in .redeem } }),
        Defect(
            "issuer/only-refuses-codes-again", issuer: { $0.codeUse = CodeUseRule { $0.redeemedAt == nil ? .redeem : .refuse } }),
    ]
}
