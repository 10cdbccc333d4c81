import Auth
import Foundation
import Issuer
import OAuth
import Store
import Synchronization

/// A defect of the issuer that is not put in but asked, at every step of the right issuer, what it would have done there.
final class IssuerShadow: Sendable {
    let id: String
    /// The bent assembly. Most parts of an issuer are functions of what they are given, and are asked as they are.
    let bent: IssuerParts
    /// The members at which it is asked.
    let members: Set<IssuerMember>
    /// The checks that are bent or gone, by list; nil for a list that is another one altogether.
    private let changes: [IssuerMember: Set<String>?]
    private let isTold = Mutex(false)
    private let report: Watch.Report

    /// Nil for a defect that changes nothing in this issuer.
    init?(
        _ defect: Defect, of right: IssuerParts, _ bits: PartsBits<IssuerParts, IssuerMember>, report: @escaping Watch.Report
    ) {
        guard case .issuer(let bend) = defect.bend else { return nil }
        var replaying = right
        // What an assertion was used for is remembered, and must not be remembered twice.
        replaying.assertions = right.assertions.map { Self.replaying($0) }
        var (bent, members, others) = bits.change(replaying, by: bend)
        guard others || !members.isEmpty else { return nil }
        if members.remove(.codeLifetime) != nil {
            Self.seeLifetime(of: &bent, longerBy: Double(bent.codeLifetime - right.codeLifetime))
            members.insert(.codes)
        }
        id = defect.id
        self.bent = bent
        self.members = members
        self.report = report
        var changes: [IssuerMember: Set<String>?] = [
            .assertions: Shadow.changes(replaying.assertions ?? Verifier([]), bent.assertions ?? Verifier([])),
            .clients: Shadow.changes(replaying.clients, bent.clients),
            .introspectors: Shadow.changes(replaying.introspectors, bent.introspectors),
            .codes: Shadow.changes(replaying.codes, bent.codes), .refreshes: Shadow.changes(replaying.refreshes, bent.refreshes),
            .activity: Shadow.changes(replaying.activity, bent.activity),
            .authorizations: Shadow.changes(replaying.authorizations, bent.authorizations),
            .registrationMetadata: Shadow.changes(replaying.registrationMetadata, bent.registrationMetadata),
            .documentMetadata: Shadow.changes(replaying.documentMetadata, bent.documentMetadata),
        ]
        if members.contains(.assertions) {
            // There it is asked, and not where the lists of clients come to it.
            for list in [IssuerMember.clients, .introspectors] { changes[list] = changes[list]?.map { $0.subtracting(["assertion"]) } }
        }
        self.changes = changes
        // What cannot be watched counts as acting.
        if others { acts() }
    }

    /// Checks that tell again what the right ones did.
    private static func replaying<Evidence: IssuerJudged>(_ list: Verifier<Evidence>) -> Verifier<Evidence> {
        Verifier(
            list.checks.map { check in
                Check(check.name) { evidence, _ in
                    guard let moment = Replay.told(IssuerCheckMoment<Evidence>.self), moment.name == check.name,
                        evidence.isLike(moment.before)
                    else {
                        Replay.current?.act()
                        return Refusal(.malformed)
                    }
                    evidence = moment.after
                    return moment.refusal
                }
            })
    }

    /// For how long a code is good shows where it is redeemed.
    private static func seeLifetime(of parts: inout IssuerParts, longerBy seconds: TimeInterval) {
        guard let right = parts.codes.checks.first(where: { $0.name == "not-expired" }) else { return }
        parts.codes = parts.codes.replacing(
            "not-expired",
            with: Check("not-expired") { evidence, now in
                var other = evidence
                other.code?.expiresAt += seconds
                return await right(&other, at: now)
            })
    }

    /// Whether it is to be asked at this check of a list.
    func changes(_ check: String, of list: IssuerMember) -> Bool {
        guard members.contains(list), let names = changes[list] else { return false }
        return names?.contains(check) ?? true
    }

    /// Whether there is nothing more to find out in the request that is being answered.
    var hasActed: Bool { WatchedRequest.current?.acting(id) ?? isTold.withLock { $0 } }

    /// Something would have been done otherwise: in the request that is being answered, or at a time that is no request's.
    func acts() {
        if let request = WatchedRequest.current { return request.note(id) }
        let isFirst = isTold.withLock { told in
            defer { told = true }
            return !told
        }
        if isFirst { report([id], nil) }
    }

    func check<Evidence: IssuerJudged>(
        _ moment: IssuerCheckMoment<Evidence>, of list: Verifier<Evidence>?, _ member: IssuerMember, at now: Date
    ) async {
        guard let names = changes[member], names != nil else { return acts() }
        guard let check = list?.checks.first(where: { $0.name == moment.name }) else {
            if moment.refusal != nil || !moment.after.isLike(moment.before) { acts() }
            return
        }
        var evidence = moment.before
        let replay = Replay(moment)
        let refusal = await Replay.$current.withValue(replay) { await check(&evidence, at: now) }
        if replay.hasActed || refusal != moment.refusal || !evidence.isLike(moment.after) { acts() }
    }

    func ask<Outcome: Equatable>(_ right: Outcome, _ body: (IssuerParts) -> Outcome) {
        let replay = Replay(FunctionMoment())
        let outcome = Replay.$current.withValue(replay) { body(bent) }
        if replay.hasActed || outcome != right { acts() }
    }

    func ask<Outcome: Equatable>(_ right: Outcome, _ body: (IssuerParts) async -> Outcome) async {
        let replay = Replay(FunctionMoment())
        let outcome = await Replay.$current.withValue(replay) { await body(bent) }
        if replay.hasActed || outcome != right { acts() }
    }
}

/// A function is asked, which needs nothing told.
private struct FunctionMoment: Sendable {}
