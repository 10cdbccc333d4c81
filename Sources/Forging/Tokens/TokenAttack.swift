/// What an attack starts from: a right token, taken apart, and keys.
package struct TokenMaterial: Sendable {
    /// Names and JSON texts, in order.
    package var header: [(String, String)]
    package var claims: [(String, String)]
    /// The issuer's, and one that the issuer never heard of.
    package var key: ForgedKey
    package var attacker: ForgedKey
    /// Where the attacker's keys can be fetched: whoever does so has followed the token.
    package var decoy: String

    package init(header: [(String, String)], claims: [(String, String)], key: ForgedKey, attacker: ForgedKey, decoy: String) {
        self.header = header
        self.claims = claims
        self.key = key
        self.attacker = attacker
        self.decoy = decoy
    }

    /// The header with some members set to other JSON texts, added, or left out (nil).
    func header(_ changes: [(String, String?)]) -> [(String, String)] {
        var members = header
        for (name, text) in changes {
            if let text, let place = members.firstIndex(where: { $0.0 == name }) {
                members[place].1 = text
            } else {
                members.removeAll { $0.0 == name }
                if let text { members.append((name, text)) }
            }
        }
        return members
    }

    func encoded(_ members: [(String, String)]) -> String { TokenForge.base64URL(Array(JSONText.object(members).utf8)) }

    /// A compact token of these texts, signed rightly by the key given, or by the issuer's.
    func token(_ header: [(String, String)]? = nil, _ claims: [(String, String)]? = nil, by signer: ForgedKey? = nil) throws -> String {
        try TokenForge.mint(header: header ?? self.header, claims: claims ?? self.claims, key: signer ?? key, signing: .right)
    }

    /// The parts of the right token.
    func parts() throws -> [String] { try token().split(separator: ".").map(String.init) }
}

/// One token of an attack.
package struct ForgedToken: Sendable, Hashable {
    /// What is wrong with it, in a few words.
    package var title: String
    package var text: String

    init(_ title: String, _ text: String) {
        self.title = title
        self.text = text
    }
}

/// A class of forged access tokens. Each token of a class has right and fresh claims and one thing wrong, after the kinds of
/// faults that Project Wycheproof collects for JSON Web Signatures.
package enum TokenAttack: String, Sendable, CaseIterable {
    case missingParts = "missing-parts"
    case extraParts = "extra-parts"
    case changedHeader = "changed-header"
    case changedPayload = "changed-payload"
    case changedSignature = "changed-signature"
    case algorithmNone = "algorithm-none"
    case hmacWithPublicKey = "hmac-with-public-key"
    case unlistedAlgorithm = "unlisted-algorithm"
    case specialECDSANumbers = "special-ecdsa-numbers"
    case ecdsaLength = "ecdsa-length"
    case ecdsaDER = "ecdsa-der"
    case base64Padding = "base64-padding"
    case base64Alphabet = "base64-alphabet"
    case base64SpareBits = "base64-spare-bits"
    case embeddedKey = "embedded-key"
    case keyURL = "key-url"
    case certificateURL = "certificate-url"
    case embeddedCertificate = "embedded-certificate"
    case critical
    case unencodedPayload = "unencoded-payload"
    case keyIdentifier = "key-identifier"
    case otherType = "other-type"
    case jsonSerialization = "json-serialization"
    case encrypted
    case repeatedHeader = "repeated-header"
    case repeatedClaim = "repeated-claim"
    /// The last of two is the wrong one, and the last is what counts where two are not refused (RFC 7519 section 4).
    case contradictedClaim = "contradicted-claim"
    /// Times beyond what some numbers can hold.
    case farBeginning = "far-beginning"
    case farEnd = "far-end"
    case rsaPrefix = "rsa-prefix"
    case rsaPadding = "rsa-padding"
    case rsaDigestInfo = "rsa-digest-info"
    case rsaLength = "rsa-length"
    case rsaOtherAlgorithm = "rsa-other-algorithm"
    case large
    case deep
    case manyMembers = "many-members"

    /// - Throws: `ForgingError`.
    package func tokens(of material: TokenMaterial) throws -> [ForgedToken] {
        var seen: Set<String> = []
        // Two faults may come to the same text: one pad more is all the padding, of some lengths.
        return try made(of: material).filter { seen.insert($0.text).inserted }
    }

    private func made(of material: TokenMaterial) throws -> [ForgedToken] {
        switch self {
        case .missingParts, .extraParts, .changedHeader, .changedPayload, .changedSignature: try material.surgery(self)
        case .base64Padding, .base64Alphabet, .base64SpareBits, .jsonSerialization, .encrypted: try material.encodings(self)
        case .algorithmNone, .hmacWithPublicKey, .unlistedAlgorithm: try material.algorithms(self)
        case .specialECDSANumbers, .ecdsaLength, .ecdsaDER: try material.ecdsa(self)
        case .rsaPrefix, .rsaPadding, .rsaDigestInfo, .rsaLength: try material.rsa(self)
        case .rsaOtherAlgorithm: try material.otherAlgorithmsOfTheKey()
        case .large, .deep, .manyMembers: try material.sizes(self)
        case .contradictedClaim, .farBeginning, .farEnd: try material.contradictions(self)
        default: try material.headers(self)
        }
    }
}
