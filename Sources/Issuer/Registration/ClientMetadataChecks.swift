package import Auth
import Foundation
import OAuth
import Store

/// What a client that nobody vouches for may say of itself: by registration (RFC 7591), or in a document at the URL that is its
/// identifier (draft-ietf-oauth-client-id-metadata-document).
package enum ClientMetadataChecks {
    /// `application-type`, `redirect-uris`, `grant-types`, `response-types`, `authentication`, `keys`, `scope`, `name`, `binding`.
    package static var registration: Verifier<ClientMetadataEvidence> {
        Verifier([applicationType, redirectURIs, grantTypes, responseTypes, authentication, keys, scope, name, binding])
    }

    /// Before those `identifier`, `named` and `nothing-shared`.
    package static var document: Verifier<ClientMetadataEvidence> {
        Verifier([identifier, named, nothingShared] + registration.checks)
    }

    /// The document says that it is the one that was asked for, to the letter (section 4.1 of the draft; MCP 2025-11-25).
    package static var identifier: Check<ClientMetadataEvidence> {
        check("identifier") { evidence throws(ClientMetadataEvidence.Malformed) in
            try evidence.string("client_id")?.isIdentical(to: evidence.client.id) ?? false
                ? nil : evidence.refuse("client_id is not the URL of the document", because: .name)
        }
    }

    package static var named: Check<ClientMetadataEvidence> {
        check("named") { evidence throws(ClientMetadataEvidence.Malformed) in
            try evidence.string("client_name") == nil ? evidence.refuse("client_name is missing", because: .missing) : nil
        }
    }

    /// Everybody can read the document: there is no secret in it, and none can be agreed on.
    package static var nothingShared: Check<ClientMetadataEvidence> {
        check("nothing-shared") { evidence throws(ClientMetadataEvidence.Malformed) in
            guard evidence.members["client_secret"] == nil, evidence.members["client_secret_expires_at"] == nil else {
                return evidence.refuse("a public document must not have a client_secret", because: .usage)
            }
            let method = try evidence.string("token_endpoint_auth_method") ?? evidence.defaultMethod
            return method.hasPrefix("client_secret_")
                ? evidence.refuse("token_endpoint_auth_method needs a shared secret, which a public document cannot have", because: .usage)
                : nil
        }
    }

    package static var applicationType: Check<ClientMetadataEvidence> {
        check("application-type") { evidence throws(ClientMetadataEvidence.Malformed) in
            evidence.client.applicationType = try evidence.string("application_type")
            return [nil, "native", "web"].contains(evidence.client.applicationType)
                ? nil : evidence.refuse("application_type is neither native nor web")
        }
    }

    /// Where codes may be sent: over TLS, to the user's own machine, or to an app by a scheme that is its own.
    package static var redirectURIs: Check<ClientMetadataEvidence> {
        Check("redirect-uris") { evidence, _ in
            guard let uris = evidence.members["redirect_uris"]?.strings, (1...20).contains(uris.count) else {
                return evidence.refuse("redirect_uris is not a list of 1 to 20 URIs", .invalidRedirectURI)
            }
            for uri in uris {
                if let problem = RedirectURI.problem(uri, applicationType: evidence.client.applicationType) {
                    return evidence.refuse(problem, because: .name, .invalidRedirectURI)
                }
            }
            evidence.client.redirectURIs = uris
            return nil
        }
    }

    /// Only what needs a user: whoever registers alone gets nothing alone.
    package static var grantTypes: Check<ClientMetadataEvidence> {
        check("grant-types") { evidence throws(ClientMetadataEvidence.Malformed) in
            let types = Set(try evidence.strings("grant_types") ?? ["authorization_code"])
            guard types.contains("authorization_code"), types.isSubset(of: ["authorization_code", "refresh_token"]) else {
                return evidence.refuse("grant_types is not authorization_code, with or without refresh_token", because: .type)
            }
            evidence.client.grantTypes = types
            return nil
        }
    }

    package static var responseTypes: Check<ClientMetadataEvidence> {
        check("response-types") { evidence throws(ClientMetadataEvidence.Malformed) in
            try evidence.strings("response_types") ?? ["code"] == ["code"]
                ? nil : evidence.refuse("response_types is not code alone", because: .type)
        }
    }

    package static var authentication: Check<ClientMetadataEvidence> {
        check("authentication") { evidence throws(ClientMetadataEvidence.Malformed) in
            evidence.method = try evidence.string("token_endpoint_auth_method") ?? evidence.defaultMethod
            switch evidence.method {
            case "client_secret_basic", "client_secret_post": evidence.client.authentication = .secret
            case "private_key_jwt": evidence.client.authentication = .privateKeyJWT
            case "none": evidence.client.authentication = .none
            default: return evidence.refuse("token_endpoint_auth_method is not supported", because: .type)
            }
            return nil
        }
    }

    /// An assertion that names no key is tried with each.
    private static let mostKeys = 10

    /// Keys come in the metadata itself: nothing is fetched from further addresses.
    package static var keys: Check<ClientMetadataEvidence> {
        Check("keys") { evidence, _ in
            guard evidence.client.authentication == .privateKeyJWT else { return nil }
            guard let jwks = evidence.members["jwks"], let text = JSONText.encode(jwks),
                let keys = await PublishedKeys(jwks: Data(text.utf8)), (1...mostKeys).contains(keys.all.count)
            else {
                return evidence.refuse(
                    "private_key_jwt needs a jwks with 1 to \(mostKeys) ES256 or RS256 keys that have kid and alg", because: .key)
            }
            evidence.client.jwks = text
            return nil
        }
    }

    /// Such clients may ask their users for anything that is open to them, whatever they name here; but naming more is refused,
    /// so that nobody believes to have got it.
    package static var scope: Check<ClientMetadataEvidence> {
        check("scope") { evidence throws(ClientMetadataEvidence.Malformed) in
            guard let text = try evidence.string("scope") else { return nil }
            guard let scopes = ScopeSet(parsing: text), evidence.openScopes.isSuperset(of: scopes) else {
                return evidence.refuse("scope has what is not given to clients that register themselves", because: .scope)
            }
            return nil
        }
    }

    package static var name: Check<ClientMetadataEvidence> {
        check("name") { evidence throws(ClientMetadataEvidence.Malformed) in
            guard let name = try evidence.string("client_name") else { return nil }
            let trimmed = name.trimmingCharacters(in: .whitespacesAndNewlines)
            guard !trimmed.isEmpty, trimmed.unicodeScalars.count <= 80, !trimmed.contains(where: \.isNewline) else {
                return evidence.refuse("client_name is empty, longer than 80 characters, or has more than one line")
            }
            evidence.client.name = trimmed
            return nil
        }
    }

    /// `dpop_bound_access_tokens` (RFC 9449 section 5.2).
    package static var binding: Check<ClientMetadataEvidence> {
        Check("binding") { evidence, _ in
            switch evidence.members["dpop_bound_access_tokens"] {
            case nil, .null, .bool(false): return nil
            case .bool(true):
                evidence.client.binding = .dpop
                return nil
            default: return evidence.refuse("dpop_bound_access_tokens is not a boolean")
            }
        }
    }

    /// A check that refuses members of another type.
    private static func check(
        _ name: String,
        _ judge: @escaping @Sendable (inout ClientMetadataEvidence) throws(ClientMetadataEvidence.Malformed) -> Refusal?
    ) -> Check<ClientMetadataEvidence> {
        Check(name) { evidence, _ in
            do throws(ClientMetadataEvidence.Malformed) {
                return try judge(&evidence)
            } catch {
                return evidence.refuse(error.summary)
            }
        }
    }
}
