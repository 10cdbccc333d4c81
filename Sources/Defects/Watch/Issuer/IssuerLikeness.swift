import Auth
import Issuer
import MutualTLS
import OAuth
import Store

/// What the issuer's lists of checks judge, of which can be told whether two pieces come to the same for every check behind.
protocol IssuerJudged: Sendable {
    func isLike(_ other: Self) -> Bool
}

/// One check of such a list, on one piece of evidence.
struct IssuerCheckMoment<Evidence: IssuerJudged>: Sendable {
    var name: String
    var before: Evidence
    var refusal: Refusal?
    var after: Evidence
}

extension ClientEvidence: IssuerJudged {
    func isLike(_ other: ClientEvidence) -> Bool {
        areIdentical(self, other)
            || credentials?.members == other.credentials?.members && registration == other.registration && matched == other.matched
                && certificate?.thumbprint == other.certificate?.thumbprint && isProven == other.isProven
    }
}

extension ClientCredentials {
    /// All that it has, as texts that can be compared.
    var members: [String] { [id, secret.reveal(), method.rawValue] }
}

extension ClientAssertionEvidence: IssuerJudged {
    func isLike(_ other: ClientAssertionEvidence) -> Bool {
        areIdentical(self, other)
            || assertion == other.assertion && clientID == other.clientID && keys.map(\.kid) == other.keys.map(\.kid)
                && unverified?.signingInput == other.unverified?.signingInput && unverified?.signature == other.unverified?.signature
    }
}

extension CodeEvidence: IssuerJudged {
    func isLike(_ other: CodeEvidence) -> Bool {
        areIdentical(self, other)
            || code == other.code && user == other.user && client == other.client && redirectURI == other.redirectURI
                && verifier?.reveal() == other.verifier?.reveal() && resources == other.resources && keyThumbprint == other.keyThumbprint
    }
}

extension RefreshEvidence: IssuerJudged {
    func isLike(_ other: RefreshEvidence) -> Bool {
        areIdentical(self, other)
            || state?.parts == other.state?.parts && state?.grant == other.state?.grant && user == other.user && client == other.client
                && scope == other.scope && resources == other.resources && confirmation == other.confirmation && granted == other.granted
    }
}

extension RefreshState {
    /// All that decides on its tokens.
    fileprivate var parts: [RefreshTokenRecord.Parts?] { [token.parts, successor?.parts] }
}

extension RefreshTokenRecord {
    fileprivate typealias Parts = [AnyHashable]
    fileprivate var parts: Parts { [hash, grantID, generation, issuedAt, expiresAt, usedAt] }
}

extension TokenEvidence: IssuerJudged {
    func isLike(_ other: TokenEvidence) -> Bool { areIdentical(self, other) || state == other.state && asker == other.asker }
}

extension AuthorizationEvidence: IssuerJudged {
    func isLike(_ other: AuthorizationEvidence) -> Bool {
        areIdentical(self, other)
            || parameters == other.parameters && client == other.client && redirectURI == other.redirectURI
                && challenge == other.challenge && audience == other.audience && scopes == other.scopes && prompts == other.prompts
                && keyThumbprint == other.keyThumbprint && error == other.error
    }
}

extension ClientMetadataEvidence: IssuerJudged {
    func isLike(_ other: ClientMetadataEvidence) -> Bool {
        areIdentical(self, other)
            || members == other.members && openScopes == other.openScopes && defaultMethod == other.defaultMethod
                && method == other.method && client == other.client && error == other.error
    }
}
