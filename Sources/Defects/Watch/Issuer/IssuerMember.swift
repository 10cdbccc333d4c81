import Auth
import Foundation
import Issuer
import OAuth

/// The members of the issuer's assembly at which a defect can be watched.
enum IssuerMember: CaseIterable {
    case decisionMethods, readParameters, readCredentials, challenge, assertions, clients, introspectors, grantType, codes, codeUse,
        refreshes, refreshUse, toldRefreshToken, scope, resource, lifetime, claims, signer, tokenAnswer, revocation, activity, inactive,
        keySet, keyCacheControl, publishedKeys, metadata, authorizations, guesses, codeLifetime, authorizationResponse, redirectStatus,
        page, loginRefusal, passwords, registrationMetadata, registrations, documentFetcher, documentMetadata, tokenCacheControl

    static var places: [IssuerMember: PartsBits<IssuerParts, IssuerMember>.Place] {
        Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.place) })
    }

    private var place: PartsBits<IssuerParts, IssuerMember>.Place {
        switch self {
        case .decisionMethods: .value(\.decisionMethods)
        case .readParameters: .function { parts in parts.readParameters = { [right = parts.readParameters] in try await right($0) } }
        case .readCredentials:
            .function { parts in
                parts.readCredentials = { [right = parts.readCredentials] (authorization, form) throws(OAuthError) in
                    try right(authorization, form)
                }
            }
        case .challenge: .value(\.challenge)
        case .assertions: .tried(MemoryLayout<Verifier<ClientAssertionEvidence>?>.size) { $0.assertions = Verifier([]) }
        case .clients: .value(\.clients)
        case .introspectors: .value(\.introspectors)
        case .grantType: .value(\.grantType)
        case .codes: .value(\.codes)
        case .codeUse: .value(\.codeUse)
        case .refreshes: .value(\.refreshes)
        case .refreshUse: .value(\.refreshUse)
        case .toldRefreshToken: .function { parts in parts.toldRefreshToken = { [right = parts.toldRefreshToken] in right($0, $1) } }
        case .scope: .value(\.scope)
        case .resource: .value(\.resource)
        case .lifetime: .value(\.lifetime)
        case .claims: .function { parts in parts.claims = { [right = parts.claims] in right($0) } }
        case .signer: .value(\.signer)
        case .tokenAnswer: .function { parts in parts.tokenAnswer = { [right = parts.tokenAnswer] in right($0, $1) } }
        case .revocation: .value(\.revocation)
        case .activity: .value(\.activity)
        case .inactive: .function { parts in parts.inactive = { [right = parts.inactive] in right($0, $1) } }
        case .keySet: .function { parts in parts.keySet = { [right = parts.keySet] in right($0) } }
        case .keyCacheControl: .value(\.keyCacheControl)
        case .publishedKeys: .function { parts in parts.publishedKeys = { [right = parts.publishedKeys] in right($0) } }
        case .metadata: .function { parts in parts.metadata = { [right = parts.metadata] in right($0, $1) } }
        case .authorizations: .value(\.authorizations)
        case .guesses: .value(\.guesses)
        case .codeLifetime: .value(\.codeLifetime)
        case .authorizationResponse:
            .function { parts in parts.authorizationResponse = { [right = parts.authorizationResponse] in right($0) } }
        case .redirectStatus: .value(\.redirectStatus)
        case .page: .function { parts in parts.page = { [right = parts.page] in right($0) } }
        case .loginRefusal: .function { parts in parts.loginRefusal = { [right = parts.loginRefusal] in right($0) } }
        case .passwords: .value(\.passwords)
        case .registrationMetadata: .value(\.registrationMetadata)
        case .registrations: .value(\.registrations)
        // And what is made from it, which lies behind it.
        case .documentFetcher:
            .tried((MemoryLayout<ClientDocumentFetcher?>.size + 7) / 8 * 8 + MemoryLayout<ClientDocuments?>.size) {
                $0.documentFetcher?.authorities = "nobody"
            }
        case .documentMetadata: .value(\.documentMetadata)
        case .tokenCacheControl: .value(\.tokenCacheControl)
        }
    }
}
