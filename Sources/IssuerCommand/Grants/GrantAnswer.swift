import Auth
import OAuth
import Store

/// What is shown of a grant: nothing secret.
struct GrantAnswer: Encodable {
    let grantId: String
    let clientId: String
    let user: String
    let scopes: [String]
    let resource: String
    /// What its refresh tokens are bound to.
    let bound: String?
    let createdAt: Int?
    let expiresAt: Int?
    let revokedAt: Int?

    init(_ grant: GrantRecord) {
        grantId = grant.id
        clientId = grant.clientID
        user = grant.user
        scopes = ClientAnswer.sorted(grant.scopes)
        resource = grant.audience
        let binding: TokenBinding? =
            if grant.confirmation?.keyThumbprint != nil {
                .dpop
            } else if grant.confirmation?.certificateThumbprint != nil {
                .certificate
            } else {
                nil
            }
        bound = binding?.rawValue
        createdAt = Output.epoch(grant.createdAt)
        expiresAt = Output.epoch(grant.expiresAt)
        revokedAt = Output.epoch(grant.revokedAt)
    }
}
