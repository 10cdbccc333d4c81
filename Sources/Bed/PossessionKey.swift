import Forging
import Probing
import Synchronization

/// A key that a caller's tokens are bound to (RFC 9449), and the last proof made with it for each URL, which a thief may have
/// seen.
final class PossessionKey: Sendable {
    private let key: ForgedKey
    private let stranger: ForgedKey
    private let last = Mutex<[String: String]>([:])

    init() throws {
        key = try TokenForge.generateKey(algorithm: .es256, id: "possession")
        stranger = try TokenForge.generateKey(algorithm: .es256, id: "possession")
    }

    /// What a token is bound to as `cnf.jkt`.
    var thumbprint: String { ProofForge.thumbprint(key) }
    /// The same of a key that nobody here holds.
    var strangersThumbprint: String { ProofForge.thumbprint(stranger) }
    /// The last right proof that was sent there.
    func lastProof(for url: String) -> String? { last.withLock { $0[url] } }

    /// A proof for one request.
    ///
    /// - Parameter bend: Nil for a right one, or one of `Bend.proofs`.
    func proof(method: String, url: String, token: String?, now: Double, bend: String? = nil) throws -> String {
        if bend == "replayed", let proof = lastProof(for: url) { return proof }
        var method = method, url = url, token = token, now = now
        switch bend {
        case "wrong-method": method = "GET"
        case "wrong-target": url += "/other"
        case "no-token": token = nil
        case "wrong-token": token = "another token"
        case "old": now -= 3600
        case "future": now += 3600
        default: break
        }
        var header = ProofForge.header(bend == "other-key" ? stranger : key)
        switch bend {
        case "type": header[0].1 = #""at+jwt""#
        case "algorithm-none": header[1].1 = #""none""#
        case "algorithm-hmac": header[1].1 = #""HS256""#
        case "private-key": header[2].1 = header[2].1.dropLast() + #","d":"AAAA"}"#
        default: break
        }
        let signing: TokenForge.Signing =
            switch bend {
            case "algorithm-none": .none
            case "algorithm-hmac": .hmacWithPublicKey
            case "wrong-signature": .attackerKey(stranger)
            default: .right
            }
        let text = try TokenForge.mint(
            header: header, claims: ProofForge.claims(method: method, url: url, token: token, nonce: nil, now: now),
            key: bend == "other-key" ? stranger : key, signing: signing)
        if bend == nil { last.withLock { $0[url] = text } }
        return text
    }
}

extension ProbeRequest {
    /// Puts proofs on the request: one by default, none or two where that is what is tried.
    mutating func prove(_ credential: Credential, now: Double) throws {
        guard let key = credential.possession, let token = credential.token else { return }
        let bend = credential.bentProof
        if bend == "none" || bend == "as-bearer" { return }
        for _ in 0..<(bend == "twice" ? 2 : 1) {
            headers.append(
                ProbeHeader(
                    name: "DPoP",
                    value: try key.proof(method: method, url: url, token: token, now: now, bend: bend == "twice" ? nil : bend)))
        }
    }
}
