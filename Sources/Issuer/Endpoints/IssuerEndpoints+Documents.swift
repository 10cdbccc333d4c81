import OAuth
import Store

extension IssuerEndpoints {
    /// The keys that tokens are signed with (RFC 7517 section 5), read from the store each time.
    func keys() async throws -> IssuerAnswer {
        var keys: [SigningKey] = []
        for record in parts.publishedKeys(try await store.signingKeys(at: parts.now())) {
            keys.append(try await keyRing.key(record))
        }
        return try .json(KeySet(keys: parts.keySet(keys)), cacheControl: parts.keyCacheControl)
    }

    /// What the issuer is and where its endpoints are (RFC 8414 section 3).
    func metadata() throws -> IssuerAnswer {
        try .json(parts.metadata(issuer, base), cacheControl: "no-cache")
    }

    /// The same for readers of OpenID Connect Discovery, with the two members that its section 3 requires beside. No ID token is
    /// ever issued here: there is no scope `openid`.
    func openIDMetadata() throws -> IssuerAnswer {
        var metadata = parts.metadata(issuer, base)
        metadata.subjectTypesSupported = ["public"]
        metadata.idTokenSigningAlgValuesSupported = SigningAlgorithm.allCases.map(\.rawValue)
        return try .json(metadata, cacheControl: "no-cache")
    }
}

/// A JWK set (RFC 7517 section 5) of keys that are each written in their own way.
private struct KeySet: Encodable {
    let keys: [any Encodable & Sendable]

    enum CodingKeys: CodingKey { case keys }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        var list = container.nestedUnkeyedContainer(forKey: .keys)
        for key in keys { try list.encode(key) }
    }
}
