package import Auth

package import struct Foundation.Date

/// A refresh token (RFC 6749 section 1.5). The token itself is not kept, only its hash.
///
/// Each can be exchanged for the next generation once. Its successor is made from its own text and a key that is kept, so that
/// the exchange can be repeated for a client that never got the answer, and still there is only one newest token.
package struct RefreshTokenRecord: Sendable {
    /// SHA-256 of the token, which has 256 bits nobody can guess.
    package var hash: [UInt8]
    package var grantID: String
    /// 1 for the token that came with the code, and one more for each exchange.
    package var generation: Int
    /// 256 random bits, which give nothing away without the token's text.
    package var successorKey: Secret<[UInt8]>
    package var issuedAt: Date
    /// When it ends if nobody uses it.
    package var expiresAt: Date
    /// When it was first exchanged for its successor; nil: it is the newest of its grant.
    package var usedAt: Date?

    package init(
        hash: [UInt8], grantID: String, generation: Int, successorKey: Secret<[UInt8]>, issuedAt: Date, expiresAt: Date,
        usedAt: Date? = nil
    ) {
        self.hash = hash
        self.grantID = grantID
        self.generation = generation
        self.successorKey = successorKey
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.usedAt = usedAt
    }
}

/// All that decides what a refresh token is worth: itself, what came from it, and its grant.
package struct RefreshState: Sendable {
    package var token: RefreshTokenRecord
    /// The generation after it, once there is one.
    package var successor: RefreshTokenRecord?
    package var grant: GrantRecord

    package init(token: RefreshTokenRecord, successor: RefreshTokenRecord? = nil, grant: GrantRecord) {
        self.token = token
        self.successor = successor
        self.grant = grant
    }
}

/// What becomes of a refresh token that is presented. Decided inside the transaction that acts on it.
package enum RefreshUse: Sendable, Hashable {
    /// It is exchanged for its successor.
    case rotate
    /// It was exchanged before, and the same answer is given once more: its successor stays the only one.
    case again
    /// It is worth nothing, and nothing changes.
    case refuse
    /// It is worth nothing, and neither is any other token of its grant from now on.
    case revoke
}
