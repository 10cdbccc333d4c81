import Auth
import Hummingbird
import MutualTLS
import NIOCore
import OAuth
import Server

/// Evidence of which can be told whether two pieces come to the same for every check behind.
protocol Watched: Sendable {
    func isLike(_ other: Self) -> Bool
}

extension APIKeyEvidence: Watched {
    func isLike(_ other: APIKeyEvidence) -> Bool {
        presented.reveal() == other.presented.reveal() && key?.id == other.key?.id && key?.hash == other.key?.hash && record == other.record
    }
}

extension AccessTokenEvidence: Watched {
    func isLike(_ other: AccessTokenEvidence) -> Bool {
        token.reveal() == other.token.reveal() && certificateThumbprint == other.certificateThumbprint
            && keyThumbprint == other.keyThumbprint && issuer == other.issuer && claims == other.claims
            && UnverifiedToken.alike(unverified, other.unverified)
            && VerificationKey.alike(key, other.key, for: unverified)
    }
}

extension DPoPEvidence: Watched {
    func isLike(_ other: DPoPEvidence) -> Bool {
        proofs == other.proofs && method == other.method && url == other.url && keyThumbprint == other.keyThumbprint
            && accessToken?.reveal() == other.accessToken?.reveal() && UnverifiedToken.alike(unverified, other.unverified)
            && VerificationKey.alike(key, other.key, for: unverified)
    }
}

extension PeerEvidence: Watched {
    func isLike(_ other: PeerEvidence) -> Bool {
        peer.thumbprint == other.peer.thumbprint && handshake === other.handshake && client == other.client
    }
}

extension UnverifiedToken {
    fileprivate static func alike(_ one: UnverifiedToken?, _ other: UnverifiedToken?) -> Bool {
        guard let one, let other else { return (one == nil) == (other == nil) }
        return one.signingInput == other.signingInput && one.signature == other.signature && one.header == other.header
            && one.claims == other.claims
    }
}

extension VerificationKey {
    /// Whether they say the same of this token, which is all that they are for.
    fileprivate static func alike(_ one: VerificationKey?, _ other: VerificationKey?, for token: UnverifiedToken?) -> Bool {
        guard let one, let other else { return (one == nil) == (other == nil) }
        guard one.kid == other.kid, one.algorithm == other.algorithm else { return false }
        guard let token else { return true }
        return one.isValid(signature: token.signature, for: token.signingInput)
            == other.isValid(signature: token.signature, for: token.signingInput)
    }
}

extension ServerRequest {
    func isLike(_ other: ServerRequest) -> Bool {
        id == other.id && peer == other.peer && method == other.method && path == other.path && query == other.query
            && headers == other.headers && authority == other.authority && certificate?.thumbprint == other.certificate?.thumbprint
            && handshake === other.handshake && proof == other.proof && forwarding.isLike(other.forwarding)
    }
}

extension ServerRequest.Forwarding? {
    fileprivate func isLike(_ other: ServerRequest.Forwarding?) -> Bool {
        switch (self, other) {
        case (nil, nil): true
        case (.by(let one, _), .by(let other, _)): one.thumbprint == other.thumbprint
        case (.refused(let one), .refused(let other)): one == other
        default: false
        }
    }
}

extension Authentication {
    func isLike(_ other: Authentication) -> Bool { decision == other.decision && credentials == other.credentials }
}

extension Response {
    /// A body that is written bit by bit is like another one of that kind: a defect that puts one in another's place has to say
    /// that it acts.
    func isLike(_ other: Response) -> Bool {
        status == other.status && headers == other.headers && body.contentLength == other.body.contentLength
            && buffer == other.buffer
    }

    private var buffer: ByteBuffer? {
        Mirror(reflecting: body).descendant("_backing").flatMap { Mirror(reflecting: $0).children.first?.value as? ByteBuffer }
    }
}
