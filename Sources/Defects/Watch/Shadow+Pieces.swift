import Auth
import Server

/// Which pieces of the assembly a defect bends, and how.
extension Shadow {
    /// What came of a change of the assembly.
    struct Change {
        var bent: ServerParts
        /// The members that were replaced, and whether any other was that cannot be watched.
        var members: Set<ServerPartsBits.Member>
        var others: Bool
        /// The checks, or the tools, that are bent or gone, by list; nil for a list that is another one altogether.
        var keys, tokens, proofs, peers, proxies, tools: Set<String>?
    }

    /// Bends an assembly that tells again what the right server did. Of it nothing is left afterwards but what the bent one builds
    /// on, as the marks show.
    static func change(
        _ right: ServerParts, _ bits: ServerPartsBits, _ marks: PieceMarks, by bend: (inout ServerParts) -> Void
    ) -> Change {
        var replaying = replaying(right)
        mark(&replaying, marks)
        let (bent, members, others) = bits.change(replaying, by: bend)
        return Change(
            bent: bent, members: members, others: others, keys: changes(replaying.keys, bent.keys),
            tokens: changes(replaying.tokens, bent.tokens), proofs: changes(replaying.proofs, bent.proofs),
            peers: changes(replaying.peers, bent.peers),
            proxies: changes(replaying.proxies ?? Verifier([]), bent.proxies ?? Verifier([])),
            tools: changes(replaying.tools, bent.tools))
    }

    static func bendings(_ right: ServerParts, _ change: Change, _ marks: PieceMarks) -> [String: Bending] {
        let bent = change.bent
        var bendings = marks.bendings(of: "keys", right.keys, bent.keys, change.keys)
        bendings.merge(marks.bendings(of: "tokens", right.tokens, bent.tokens, change.tokens)) { $1 }
        bendings.merge(marks.bendings(of: "proofs", right.proofs, bent.proofs, change.proofs)) { $1 }
        bendings.merge(marks.bendings(of: "peers", right.peers, bent.peers, change.peers)) { $1 }
        bendings.merge(
            marks.bendings(of: "proxies", right.proxies ?? Verifier([]), bent.proxies ?? Verifier([]), change.proxies)
        ) { $1 }
        for member in change.members.subtracting([.keys, .tokens, .proofs, .peers, .proxies]) {
            bendings[member.rawValue] = marks.bending(of: member.rawValue)
        }
        return bendings
    }

    private static func mark(_ parts: inout ServerParts, _ marks: PieceMarks) {
        parts.keys = marks.mark("keys", parts.keys)
        parts.tokens = marks.mark("tokens", parts.tokens)
        parts.proofs = marks.mark("proofs", parts.proofs)
        parts.peers = marks.mark("peers", parts.peers)
        parts.proxies = parts.proxies.map { marks.mark("proxies", $0) }
        func mark<Piece>(_ member: ServerPartsBits.Member, _ piece: Piece) -> PieceMarks.Marked<Piece> {
            marks.mark(member.rawValue, piece)
        }
        parts.authenticate = { [right = mark(.authenticate, parts.authenticate)] in await right.piece($0, $1, $2, $3) }
        parts.respond = { [right = mark(.respond, parts.respond)] in try await right.piece($0, $1, $2) }
        parts.missingScopes = { [right = mark(.missingScopes, parts.missingScopes)] in right.piece($0, $1) }
        parts.challenges = { [right = mark(.challenges, parts.challenges)] in right.piece($0, $1, $2) }
        parts.audit = { [right = mark(.audit, parts.audit)] in try await right.piece($0, $1) }
        parts.tenant = { [right = mark(.tenant, parts.tenant)] in right.piece($0, $1) }
        parts.sessionOwner = { [right = mark(.sessionOwner, parts.sessionOwner)] in right.piece($0) }
        parts.forwarding = { [right = mark(.forwarding, parts.forwarding)] in await right.piece($0, $1, $2) }
        parts.auditHandshake = { [right = mark(.auditHandshake, parts.auditHandshake)] in await right.piece($0) }
        if let tls = parts.tls { parts.tls = { [right = mark(.tls, tls)] in try right.piece() } }
        if let judge = parts.chainJudge { parts.chainJudge = { [right = mark(.chainJudge, judge)] in right.piece($0) } }
    }
}
