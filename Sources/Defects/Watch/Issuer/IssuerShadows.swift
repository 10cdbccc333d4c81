import Auth
import Foundation
import Issuer

/// All defects of the issuer that change anything in this one, by the members at which they are asked.
struct IssuerShadows: Sendable {
    private let byMember: [IssuerMember: [IssuerShadow]]

    init(_ defects: [Defect], of right: IssuerParts, _ report: @escaping Watch.Report) {
        let bits = PartsBits(like: right, IssuerMember.places)
        let all = defects.compactMap { IssuerShadow($0, of: right, bits, report: report) }
        byMember = Dictionary(
            uniqueKeysWithValues: IssuerMember.allCases.map { member in (member, all.filter { $0.members.contains(member) }) })
    }

    /// Those that have changed a member.
    func all(_ member: IssuerMember) -> [IssuerShadow] { byMember[member] ?? [] }

    /// Those of them of which there is something to find out. None while one of them is being asked: what it asks in turn is its
    /// own affair.
    private subscript(member: IssuerMember) -> [IssuerShadow] { Replay.current == nil ? all(member).filter { !$0.hasActed } : [] }

    /// Something is done that each of those does in another way.
    func act(_ member: IssuerMember) {
        for shadow in self[member] { shadow.acts() }
    }

    func ask<Outcome: Equatable>(_ member: IssuerMember, _ right: Outcome, _ body: (IssuerParts) -> Outcome) {
        for shadow in self[member] { shadow.ask(right, body) }
    }

    func ask<Outcome: Equatable>(_ member: IssuerMember, _ right: Outcome, _ body: (IssuerParts) async -> Outcome) async {
        for shadow in self[member] { await shadow.ask(right, body) }
    }

    /// The same list, with each defect asked that bends one of its checks.
    func watched<Evidence: IssuerJudged>(
        _ right: Verifier<Evidence>, _ member: IssuerMember, _ list: @escaping @Sendable (IssuerParts) -> Verifier<Evidence>?
    ) -> Verifier<Evidence> {
        Verifier(
            right.checks.map { check in
                let shadows = all(member).filter { $0.changes(check.name, of: member) }
                if shadows.isEmpty { return check }
                return Check(check.name) { evidence, now in
                    let before = evidence
                    let refusal = await check(&evidence, at: now)
                    guard Replay.current == nil else { return refusal }
                    let moment = IssuerCheckMoment(name: check.name, before: before, refusal: refusal, after: evidence)
                    for shadow in shadows where !shadow.hasActed { await shadow.check(moment, of: list(shadow.bent), member, at: now) }
                    return refusal
                }
            })
    }
}
