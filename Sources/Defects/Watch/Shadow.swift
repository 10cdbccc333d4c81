import Auth
import Foundation
import Hummingbird
import MutualTLS
import OAuth
import Server
import Serving
import Synchronization

/// A defect that is not put in but asked, at every step of the right server, what it would have done there.
final class Shadow: Sendable {
    let id: String
    let right: ServerParts
    /// The bent assembly, over parts that tell again what the right server did.
    let bent: ServerParts
    private let isOther: @Sendable (ServerParts) -> Bool
    let members: Set<ServerPartsBits.Member>
    /// The checks that are bent or gone, by list; nil for a list that is another one altogether.
    let keys, tokens, proofs, peers, proxies: Set<String>?
    /// The tools that are other ones.
    let tools: Set<String>?
    /// How it bends which pieces.
    let bendings: [String: Bending]
    /// Whether it acts for all requests, as far as anybody can tell, so that there is nothing more to find out.
    private let asleep = Atomic(false)
    /// What it makes of connections.
    let connections = Mutex(Connections())
    private let report: Watch.Report

    /// Nil for a defect that changes nothing in this server.
    init?(_ defect: Defect, of right: ServerParts, _ bits: ServerPartsBits, report: @escaping Watch.Report) {
        guard case .server(let bend) = defect.bend, bits.isChanged(right, by: bend) else { return nil }
        let marks = PieceMarks()
        let change = Self.change(right, bits, marks, by: bend)
        let (bent, members) = (change.bent, change.members)
        guard change.others || !members.isEmpty else { return nil }
        id = defect.id
        self.right = right
        self.bent = bent
        isOther = { bits.differ($0, bent) }
        self.members = members
        self.report = report
        (keys, tokens, proofs, peers, proxies, tools) = (
            change.keys, change.tokens, change.proofs, change.peers, change.proxies, change.tools
        )
        bendings = Self.bendings(right, change, marks)
        let whole = [keys, tokens, proofs, peers, proxies, tools].allSatisfy { $0 != nil }
        // What cannot be watched counts as acting.
        let limits = members.contains(.limits) && !hasOnlyMorePatience
        if change.others || !whole || limits || members.contains(.metadata) && bent.metadata == nil { acts() }
    }

    /// Whether there is still something to find out: nothing, once it has acted in the request that is being answered.
    func watches(_ member: ServerPartsBits.Member) -> Bool {
        members.contains(member) && !asleep.load(ordering: .relaxed) && WatchedRequest.current?.acting(id) != true
    }

    /// Whether it may answer otherwise, or from something else.
    var watchesAnswers: Bool { [.respond, .metadata, .healthPolicy].contains(where: watches) }

    /// Something would have been done otherwise: in the request that is being answered, or at a time that is no request's.
    func acts() {
        if let request = WatchedRequest.current { return request.note(id) }
        if !asleep.exchange(true, ordering: .relaxed) { report([id], nil) }
    }

    func ask<Outcome>(_ moment: any Sendable, _ body: () async throws -> Outcome, isLike: (Outcome) -> Bool) async rethrows {
        let replay = Replay(moment, isOther: isOther)
        let outcome = try await Replay.$current.withValue(replay) { try await body() }
        if replay.differs || !isLike(outcome) { acts() }
    }

    // MARK: The places to ask at

    func check<Evidence: Watched>(
        _ moment: CheckMoment<Evidence>, in list: (ServerParts) -> Verifier<Evidence>?, at now: Date
    ) async {
        guard let check = list(bent)?.checks.first(where: { $0.name == moment.name }) else {
            if moment.refusal != nil || !moment.after.isLike(moment.before, to: right) { acts() }
            return
        }
        var evidence = moment.before
        let replay = Replay(moment)
        let refusal = await Replay.$current.withValue(replay) { await check(&evidence, at: now) }
        if replay.hasActed || !Refusal.alike(moment.refusal, refusal) || !evidence.isLike(moment.after, to: right) { acts() }
    }

    func authenticate(_ moment: AuthenticationMoment, at now: Date) async {
        let replay = Replay(moment, isOther: isOther)
        let outcome = await Replay.$current.withValue(replay) { await bent.authenticate(bent, moment.request, moment.policy, now) }
        // How often the right part is asked is nobody's concern, as long as it comes to the same.
        if replay.hasActed || !outcome.isLike(moment.outcome) { acts() }
    }

    /// - Parameter body: Reads the body, again where it was read.
    func answer(_ moment: AnswerMoment, _ body: RequestContent) async {
        if members.contains(.metadata), moment.request.path.hasPrefix(Path.metadata) { acts() }
        if members.contains(.healthPolicy), moment.request.path == Path.health { acts() }
        guard watches(.respond) else { return }
        let replay = Replay(moment, isOther: isOther)
        do {
            let response = try await Replay.$current.withValue(replay) { try await bent.respond(bent, moment.request, body) }
            guard !replay.differs, case .success(let right) = moment.outcome, response.isLike(right) else { return acts() }
        } catch {
            guard !replay.differs, case .failure(let right) = moment.outcome, "\(error)" == "\(right)" else { return acts() }
        }
    }

    func scopes(_ moment: ScopesMoment, _ tool: ServerTool) {
        let replay = Replay(moment)
        let missing = Replay.$current.withValue(replay) { bent.missingScopes(moment.principal, tool) }
        if replay.hasActed || missing != moment.missing { acts() }
    }

    func challenges(_ moment: ChallengesMoment) {
        let replay = Replay(moment)
        let challenges = Replay.$current.withValue(replay) { bent.challenges(bent, moment.request, moment.rejection) }
        if replay.hasActed || challenges != moment.challenges { acts() }
    }

    func record(_ moment: RecordMoment, _ request: ServerRequest) async {
        do {
            try await ask(moment) {
                try await bent.audit(moment.record, request)
            } isLike: { _ in
                true
            }
        } catch { acts() }
    }

    func owner(_ moment: OwnerMoment) {
        let replay = Replay(moment)
        let owner = Replay.$current.withValue(replay) { bent.sessionOwner(moment.principal) }
        if replay.hasActed || owner != moment.owner { acts() }
    }

    func forwarding(_ moment: ForwardingMoment, at now: Date) async {
        await ask(moment) {
            await bent.forwarding(bent, moment.request, now)
        } isLike: {
            $0.isLike(moment.settled)
        }
    }

    func tenant(_ moment: TenantMoment) {
        let replay = Replay(moment)
        let tenant = Replay.$current.withValue(replay) { bent.tenant(moment.caller, moment.request) }
        if replay.hasActed || tenant != moment.tenant { acts() }
    }

    func uses(tool name: String) {
        if tools?.contains(name) ?? true { acts() }
    }
}
