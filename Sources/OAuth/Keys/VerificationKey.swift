import Crypto
import JWTKit

/// A public key of an issuer, bound to the one algorithm it may be used with (RFC 8725 section 3.1).
package struct VerificationKey: Sendable {
    package let kid: String
    package let algorithm: SigningAlgorithm
    private let verifier: Verifier

    /// Handed on with every token, and so not copied.
    private final class Verifier: Sendable {
        let algorithm: any JWTAlgorithm

        init(_ algorithm: any JWTAlgorithm) { self.algorithm = algorithm }
    }

    /// - Returns: False for a signature of the wrong length too; a verification has no third outcome.
    package func isValid(signature: [UInt8], for input: [UInt8]) -> Bool {
        (try? verifier.algorithm.verify(signature, signs: input)) ?? false
    }

    /// Whether both are one key, read once.
    package func isIdentical(to other: VerificationKey) -> Bool {
        verifier === other.verifier && kid == other.kid && algorithm == other.algorithm
    }

    package init(_ key: JSONWebKey) async throws {
        guard let own = await VerificationKey(published: key.members) else { throw UnusableKey(kid: key.kid) }
        self = own
    }

    /// A member of a JWKS, or nil when it cannot be used for signatures here: another type, curve, algorithm or purpose, no
    /// `kid`, no `alg`, a private or symmetric key, or coordinates that are not on the curve.
    package init?(published members: [String: JSONValue]) async {
        guard let kid = members["kid"]?.string, !kid.isEmpty, Self.isForSignatures(members) else { return nil }
        guard let algorithm = members["alg"]?.string.flatMap(SigningAlgorithm.init) else { return nil }
        // Without a `kid` of its own a one-key collection has exactly one key to give.
        let collection = JWTKeyCollection()
        do {
            switch algorithm {
            case .es256:
                guard let key = try Self.p256(members) else { return nil }
                await collection.add(ecdsa: key)
            case .rs256:
                guard let key = try Self.rsa(members) else { return nil }
                await collection.add(rsa: key, digestAlgorithm: .sha256)
            }
            verifier = Verifier(try await collection.getKey())
        } catch {
            return nil
        }
        self.kid = kid
        self.algorithm = algorithm
    }

    /// RFC 7517 sections 4.2 and 4.3: what `use` and `key_ops` say is binding. A `d` or `k` in a public document is a secret
    /// that is none any more.
    private static func isForSignatures(_ members: [String: JSONValue]) -> Bool {
        if let use = members["use"], use.string != "sig" { return false }
        if let operations = members["key_ops"], operations.strings?.contains("verify") != true { return false }
        return members["d"] == nil && members["k"] == nil
    }

    private static func p256(_ members: [String: JSONValue]) throws -> ES256PublicKey? {
        guard members["kty"]?.string == "EC", members["crv"]?.string == "P-256" else { return nil }
        guard let x = members["x"]?.string.flatMap(Base64URL.decode), let y = members["y"]?.string.flatMap(Base64URL.decode) else {
            return nil
        }
        guard x.count == 32, y.count == 32 else { return nil }
        return try ES256PublicKey(backing: P256.Signing.PublicKey(x963Representation: [0x04] + x + y))
    }

    private static func rsa(_ members: [String: JSONValue]) throws -> JWTKit.Insecure.RSA.PublicKey? {
        guard members["kty"]?.string == "RSA", let n = members["n"]?.string, let e = members["e"]?.string else { return nil }
        // 8192 bits at most: verification time grows with the square of the length. Zeros in front, which should not be there
        // (RFC 7518 section 2, Base64urlUInt), make no short key longer.
        guard let modulus = Base64URL.decode(n)?.drop(while: { $0 == 0 }), let first = modulus.first,
            (2048...8192).contains(modulus.count * 8 - first.leadingZeroBitCount)
        else { return nil }
        guard let exponent = Base64URL.decode(e), (1...4).contains(exponent.count) else { return nil }
        return try JWTKit.Insecure.RSA.PublicKey(modulus: n, exponent: e)
    }
}

/// A key that is not what its name says.
package struct UnusableKey: Error, Equatable {
    package let kid: String
}

extension JSONWebKey {
    fileprivate var members: [String: JSONValue] {
        let texts = ["kty": kty, "kid": kid, "alg": alg.rawValue, "use": use, "crv": crv, "x": x, "y": y, "n": n, "e": e]
        return texts.compactMapValues { $0.map(JSONValue.string) }
    }
}
