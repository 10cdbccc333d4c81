/// One case of path validation, after a case of x509-limbo (C2SP) and with its id, made anew for a client's certificate.
///
/// x509-limbo asks what a client makes of a server's chain; here the leaf is for clients (clientAuth), and a server is asked.
package struct LimboCase: Sendable {
    /// How the peer is known where the case is about names, and what a server has to have on its list.
    package enum PeerName: Sendable, Hashable {
        case dns(String)
        case email(String)
        case address(String)

        package var kind: String {
            switch self {
            case .dns: "dns"
            case .email: "email"
            case .address: "ip"
            }
        }

        package var value: String {
            switch self {
            case .dns(let value), .email(let value), .address(let value): value
            }
        }
    }

    /// x509-limbo's id, such as `rfc5280::nc::permitted-dns-match`.
    package let id: String
    /// Whether a verifier that keeps the rules accepts.
    package let accepts: Bool
    /// Why.
    package let sentence: String
    package let name: PeerName
    /// The authorities that may stand between leaf and trust anchor; nil where the case does not bound them.
    package let intermediates: Int?
    /// Why OpenSSL's strict verifier differs; nil where it does not.
    package let difference: String?
    /// Why Authbed's own server differs, which verifies with BoringSSL; nil where it does not. It refuses where it could accept, and
    /// nowhere the other way round.
    package let serverDifference: String?
    let mint: @Sendable (LimboMint) throws -> LimboChain

    init(
        _ id: String, _ expected: Expected, _ sentence: String, name: PeerName = .dns("example.com"), intermediates: Int? = nil,
        openssl difference: String? = nil, server: String? = nil, mint: @escaping @Sendable (LimboMint) throws -> LimboChain
    ) {
        self.id = id
        accepts = expected == .accepted
        self.sentence = sentence
        self.name = name
        self.intermediates = intermediates
        self.difference = difference
        serverDifference = server
        self.mint = mint
    }

    enum Expected { case accepted, refused }

    /// Every case, in groups.
    package static let all = path + validity + constraints + emailConstraints + usage + extensions + lists + names
}

/// What a case shows to a verifier.
struct LimboChain {
    var trusted: [LimboNode]
    var sent: [LimboNode] = []
    var leaf: LimboNode
    var lists: [RevocationList] = []
    /// Seconds since 1970, where the case is about a moment; nil for now.
    var time: Int?
}

/// A certificate of a case, and its key.
final class LimboNode {
    let certificate: Certificate
    let key: PrivateKey

    init(_ certificate: Certificate, _ key: PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    var issuer: (certificate: Certificate, key: PrivateKey) { (certificate, key) }
}
