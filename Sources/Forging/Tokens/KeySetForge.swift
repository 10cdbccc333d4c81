import Foundation

/// Makes keys as they stand in a key set, usable and not.
package enum KeySetForge {
    package enum Kind: String, Sendable, CaseIterable {
        /// A good key.
        case second = "second-key"
        /// A good key, among others of types that nobody knows (RFC 7517 section 5), and among a hundred.
        case unknownTypesBeside = "unknown-types-beside"
        case manyKeys = "many-keys"
        /// Two keys of one name: a token could mean either.
        case repeatedIdentifier = "repeated-identifier"
        /// Not for verifying signatures (RFC 7517 sections 4.2 and 4.3).
        case forEncryption = "for-encryption"
        case forSigningOnly = "for-signing-only"
        /// Published with its private half: anybody's key.
        case privateKey = "private"
        case shortRSA = "short-rsa"
        case offTheCurve = "off-the-curve"
        case otherCurve = "other-curve"
    }

    package struct Made: Sendable {
        /// JWKs, as JSON texts.
        package var published: [String]
        /// Who signs a token that names it.
        package var signer: ForgedKey
    }

    /// - Parameter name: The key's `kid`.
    /// - Throws: `ForgingError`.
    package static func make(_ kind: Kind, name: String) throws -> Made {
        let signer = try TokenForge.generateKey(algorithm: .es256, id: name)
        func with(_ members: [String: String?]) throws -> [String] { [try changed(signer.publicJWK, members)] }
        switch kind {
        case .second: return Made(published: [signer.publicJWK], signer: signer)
        case .unknownTypesBeside:
            let strange = [
                #"{"kty":"XYZ","kid":"\#(name)-x","alg":"XY1"}"#, #"{"kid":"\#(name)-y"}"#, "{}",
                #"{"kty":"OKP","crv":"Ed25519","x":"AAAA","kid":"\#(name)-z"}"#,
                #"{"kty":"RSA","n":"AQ","e":"AQAB","kid":"\#(name)-r","alg":"RS256"}"#,
                #"{"kty":"EC","crv":"P-256","kid":"\#(name)-e","alg":"ES256"}"#, "null", "7",
            ]
            return Made(published: strange + [signer.publicJWK], signer: signer)
        case .manyKeys:
            let others = try (0..<100).map { try TokenForge.generateKey(algorithm: .es256, id: "\(name)-\($0)").publicJWK }
            return Made(published: others + [signer.publicJWK], signer: signer)
        case .repeatedIdentifier:
            return Made(published: [try TokenForge.generateKey(algorithm: .es256, id: name).publicJWK, signer.publicJWK], signer: signer)
        case .forEncryption: return Made(published: try with(["use": "\"enc\""]), signer: signer)
        case .forSigningOnly: return Made(published: try with(["use": nil, "key_ops": "[\"sign\"]"]), signer: signer)
        case .privateKey:
            let secret = TokenForge.base64URL(try PrivateKey.reading(signer.privatePEM).number("priv", size: 32))
            return Made(published: try with(["d": JSONText.string(secret)]), signer: signer)
        case .offTheCurve:
            return Made(published: try with(["y": JSONText.string(TokenForge.base64URL([UInt8](repeating: 7, count: 32)))]), signer: signer)
        case .shortRSA:
            let short = try TokenForge.key(try PrivateKey(generating: .rsa1024), algorithm: .rs256, id: name)
            return Made(published: [short.publicJWK], signer: short)
        case .otherCurve:
            let other = try PrivateKey(generating: .p384)
            let (x, y) = (TokenForge.base64URL(try other.number("qx", size: 48)), TokenForge.base64URL(try other.number("qy", size: 48)))
            return Made(
                published: [#"{"kty":"EC","crv":"P-384","x":"\#(x)","y":"\#(y)","kid":"\#(name)","alg":"ES256","use":"sig"}"#],
                signer: ForgedKey(id: name, privatePEM: signer.privatePEM, publicJWK: signer.publicJWK, publicPEM: signer.publicPEM))
        }
    }

    private static func changed(_ jwk: String, _ changes: [String: String?]) throws -> String {
        guard let members = (try? JSONSerialization.jsonObject(with: Data(jwk.utf8))) as? [String: String] else {
            throw ForgingError("a key's own JWK cannot be read")
        }
        var texts = members.sorted { $0.key < $1.key }.map { ($0.key, JSONText.string($0.value)) }
        for (name, text) in changes {
            texts.removeAll { $0.0 == name }
            if let text { texts.append((name, text)) }
        }
        return JSONText.object(texts)
    }
}
