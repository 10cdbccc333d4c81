/// The usable keys of a JWKS, by `kid`.
package struct PublishedKeys: Sendable {
    private let keys: [String: VerificationKey]

    /// Larger documents are not read: a trusted issuer has a handful of keys.
    package static let maximumLength = 1 << 20

    /// Reads a JWKS key by key: what cannot be used here is left out and spoils nothing (RFC 7517 section 5). Of two keys
    /// with one `kid` neither counts, because a token could mean either.
    /// - Returns: Nil for bytes that are not a JWKS at all.
    package init?(jwks: some Sequence<UInt8>) async {
        let bytes = Array(jwks)
        guard bytes.count <= Self.maximumLength, let listed = (try? StrictJSON.parseObject(bytes))?["keys"]?.array else { return nil }
        var keys: [String: VerificationKey] = [:]
        var repeated: Set<String> = []
        for members in listed.compactMap(\.object) {
            guard let key = await VerificationKey(published: members) else { continue }
            if keys.updateValue(key, forKey: key.kid) != nil { repeated.insert(key.kid) }
        }
        self.keys = keys.filter { !repeated.contains($0.key) }
    }

    package subscript(kid: String) -> VerificationKey? { keys[kid] }

    package var kids: Set<String> { Set(keys.keys) }

    /// Every key, by name.
    package var all: [VerificationKey] { keys.keys.sorted().compactMap { keys[$0] } }
}
