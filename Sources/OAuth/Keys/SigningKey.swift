package import Auth
import Crypto
import CryptoExtras
import JWTKit

import struct Foundation.Data
import class Foundation.JSONEncoder

/// A private key that signs tokens. Printing it does not show it.
package struct SigningKey: Sendable {
    /// The RFC 7638 thumbprint of the public key.
    package var kid: String { publicJWK.kid }
    package let algorithm: SigningAlgorithm
    /// What goes into the issuer's JWKS.
    package let publicJWK: JSONWebKey
    /// The private key as PKCS #8, to be kept in the issuer's store.
    package let pem: Secret<String>
    private let signer: any JWTAlgorithm

    /// A new key: P-256, or RSA of 2048 bits.
    /// - Throws: When the cryptographic library fails.
    package init(generating algorithm: SigningAlgorithm) async throws {
        switch algorithm {
        case .es256: try await self.init(P256.Signing.PrivateKey())
        case .rs256: try await self.init(_RSA.Signing.PrivateKey(keySize: .bits2048))
        }
    }

    /// A key from the store.
    /// - Throws: When the text is not a private key for the algorithm, or an RSA key is shorter than 2048 bits.
    package init(pem: String, algorithm: SigningAlgorithm) async throws {
        switch algorithm {
        case .es256: try await self.init(P256.Signing.PrivateKey(pemRepresentation: pem))
        case .rs256: try await self.init(_RSA.Signing.PrivateKey(pemRepresentation: pem))
        }
    }

    /// A JWS in compact form (RFC 7515 section 7.1) over the claims as JSON.
    /// - Parameters:
    ///   - header: Members besides `alg` and `kid`, which are always this key's.
    ///   - claims: Encoded as they are; times must be integers of seconds already.
    package func sign(_ claims: some Encodable, header: [String: String] = ["typ": "at+jwt"]) throws -> String {
        let header = header.merging(["alg": algorithm.rawValue, "kid": kid]) { $1 }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let input = try "\(Base64URL.encode(encoder.encode(header))).\(Base64URL.encode(encoder.encode(claims)))"
        return try "\(input).\(Base64URL.encode(signer.sign(Data(input.utf8))))"
    }

    private init(_ key: P256.Signing.PrivateKey) async throws {
        algorithm = .es256
        publicJWK = JSONWebKey(p256: Array(key.publicKey.x963Representation))
        pem = Secret(key.pemRepresentation)
        signer = try await JWTKeyCollection().add(ecdsa: ES256PrivateKey(backing: key)).getKey()
    }

    private init(_ key: _RSA.Signing.PrivateKey) async throws {
        let primitives = try key.publicKey.getKeyPrimitives()
        algorithm = .rs256
        publicJWK = JSONWebKey(modulus: primitives.modulus, exponent: primitives.publicExponent)
        pem = Secret(key.pkcs8PEMRepresentation)
        signer = try await JWTKeyCollection().add(rsa: JWTKit.Insecure.RSA.PrivateKey(backing: key), digestAlgorithm: .sha256).getKey()
    }
}

extension SigningKey: CustomStringConvertible {
    package var description: String { "\(algorithm.rawValue) \(kid)" }
}
