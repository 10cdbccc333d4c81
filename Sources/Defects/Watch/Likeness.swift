import Auth
import Foundation
import Hummingbird
import MutualTLS
import NIOCore
import OAuth
import Server

/// Whether two values look the same in memory, and so are the same. Values that do not may still be equal. Most of what is compared
/// here was handed on untouched, thousands of times a second.
func areIdentical<Value>(_ one: Value, _ other: Value) -> Bool {
    withUnsafeBytes(of: one) { one in
        withUnsafeBytes(of: other) { other in
            guard let one = one.baseAddress, let other = other.baseAddress else { return true }
            return memcmp(one, other, MemoryLayout<Value>.size) == 0
        }
    }
}

/// Evidence of which can be told whether two pieces come to the same for every check behind.
protocol Watched: Sendable {
    func isLike(_ other: Self, to parts: ServerParts) -> Bool
}

extension APIKeyEvidence: Watched {
    func isLike(_ other: APIKeyEvidence, to parts: ServerParts) -> Bool {
        areIdentical(self, other)
            || presented.reveal() == other.presented.reveal() && key?.id == other.key?.id && key?.hash == other.key?.hash
                && record == other.record
    }
}

extension AccessTokenEvidence: Watched {
    func isLike(_ other: AccessTokenEvidence, to parts: ServerParts) -> Bool {
        areIdentical(self, other)
            || token.reveal() == other.token.reveal() && certificateThumbprint == other.certificateThumbprint
                && keyThumbprint == other.keyThumbprint && issuer == other.issuer && claims == other.claims
                && UnverifiedToken.alike(unverified, other.unverified)
                && VerificationKey.alike(key, other.key, for: unverified)
    }
}

extension DPoPEvidence: Watched {
    func isLike(_ other: DPoPEvidence, to parts: ServerParts) -> Bool {
        areIdentical(self, other)
            || proofs == other.proofs && method == other.method && url == other.url && keyThumbprint == other.keyThumbprint
                && accessToken?.reveal() == other.accessToken?.reveal() && UnverifiedToken.alike(unverified, other.unverified)
                && VerificationKey.alike(key, other.key, for: unverified)
    }
}

extension PeerEvidence: Watched {
    func isLike(_ other: PeerEvidence, to parts: ServerParts) -> Bool {
        areIdentical(self, other)
            || peer.thumbprint == other.peer.thumbprint && handshake === other.handshake && client == other.client
                && unchecked == other.unchecked && comesToTheSameAnchor(as: other, parts)
    }
}

extension PeerEvidence {
    /// Whether the entries of the allow-list are the same for both: an anchor is for nothing else.
    private func comesToTheSameAnchor(as other: PeerEvidence, _ parts: ServerParts) -> Bool {
        anchor == other.anchor
            || parts.clients.matching(peer, anchor: anchor) == parts.clients.matching(other.peer, anchor: other.anchor)
    }
}

extension Refusal {
    /// What a defect does not say in detail, nobody misses: the words are for logs.
    static func alike(_ right: Refusal?, _ bent: Refusal?) -> Bool {
        bent == right || bent?.reason == right?.reason && bent?.detail.isEmpty == true
    }
}

extension UnverifiedToken {
    fileprivate static func alike(_ one: UnverifiedToken?, _ other: UnverifiedToken?) -> Bool {
        guard let one, let other else { return (one == nil) == (other == nil) }
        if areIdentical(one, other) { return true }
        return one.signingInput == other.signingInput && one.signature == other.signature && one.header == other.header
            && one.claims == other.claims
    }
}

extension VerificationKey {
    /// Whether they say the same of this token, which is all that they are for.
    fileprivate static func alike(_ one: VerificationKey?, _ other: VerificationKey?, for token: UnverifiedToken?) -> Bool {
        guard let one, let other else { return (one == nil) == (other == nil) }
        if one.isIdentical(to: other) { return true }
        guard one.kid == other.kid, one.algorithm == other.algorithm else { return false }
        guard let token else { return true }
        return one.isValid(signature: token.signature, for: token.signingInput)
            == other.isValid(signature: token.signature, for: token.signingInput)
    }
}

extension ServerRequest {
    func isLike(_ other: ServerRequest) -> Bool {
        areIdentical(self, other)
            || id == other.id && peer == other.peer && method == other.method && path == other.path && query == other.query
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
    func isLike(_ other: Authentication) -> Bool {
        decision == other.decision && credentials == other.credentials && unchecked == other.unchecked
    }
}

extension Response {
    /// A body that is written bit by bit is like another one of that kind: a defect that puts one in another's place has to say
    /// that it acts.
    func isLike(_ other: Response) -> Bool {
        status == other.status && headers == other.headers && body.contentLength == other.body.contentLength
            && (areIdentical(body, other.body) || buffer == other.buffer)
    }

    private var buffer: ByteBuffer? {
        Mirror(reflecting: body).descendant("_backing").flatMap { Mirror(reflecting: $0).children.first?.value as? ByteBuffer }
    }
}
