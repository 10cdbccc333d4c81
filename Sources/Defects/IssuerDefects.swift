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
    ]
}
