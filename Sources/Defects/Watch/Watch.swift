import Auth
import Foundation
import Hummingbird
import MCP
import OAuth
package import Server
import Synchronization

/// The right server, watched for what each defect would have made of what it is asked: who plays something with it learns which
/// defects could have changed the outcome, without playing it once for each of them.
///
/// A defect that would have done nothing else at any step leaves everything as it was, and so it would have at the next step: up
/// to the first difference, what it remembers is what it would have seen. After that, it is told of what the right server went on
/// to do. One that changes what cannot be watched counts as acting. One that only reads the body of a request earlier is not told apart from one that reads it in time, as long as it makes the same of it.
package struct Watch: Sendable {
    /// Receives the identifiers of defects, and of the request in which they act, as `X-Request-Id` has it; nil where they act for
    /// no request in particular, and so for all.
    package typealias Report = @Sendable (_ defects: [String], _ request: String?) -> Void

    /// Receives how each defect bends which pieces of the assembly, once, before anything else is told of it.
    package typealias Bends = @Sendable (_ defect: String, _ bendings: [String: Bending]) -> Void

    private let defects: [Defect]
    let report: Report
    private let bends: Bends

    /// - Parameters:
    ///   - defects: Those of other programs are passed over.
    ///   - bends: Not told of defects that change nothing in this server.
    ///   - report: Called once for each defect and request, before the request is answered, except for what a stream does later.
    ///     A handshake that failed is known by the address of its peer, such as `127.0.0.1:54321`.
    package init(_ defects: [Defect] = Defect.all, bends: @escaping Bends = { _, _ in }, report: @escaping Report) {
        self.defects = defects.filter { !$0.id.hasPrefix("sentinel/") }
        self.report = report
        self.bends = bends
    }

    package func bend(_ parts: inout ServerParts) {
        noteSources(&parts)
        let right = parts
        let bits = ServerPartsBits(like: parts)
        let shadows = defects.compactMap { Shadow($0, of: right, bits, report: report) }
        for shadow in shadows { bends(shadow.id, shadow.bendings) }
        parts.keys = watched(parts.keys, shadows, .keys, { $0.keys }, { $0.keys })
        parts.tokens = watched(parts.tokens, shadows, .tokens, { $0.tokens }, { $0.tokens })
        parts.proofs = watched(parts.proofs, shadows, .proofs, { $0.proofs }, { $0.proofs })
        parts.peers = watched(parts.peers, shadows, .peers, { $0.peers }, { $0.peers })
        parts.proxies = parts.proxies.map { watched($0, shadows, .proxies, { $0.proxies }, { $0.proxies }) }
        watchCalls(&parts, right, shadows)
        watchAnswers(&parts, right, shadows)
        watchConnections(&parts, right, shadows)
    }

    private func noteSources(_ parts: inout ServerParts) {
        if parts.isForJWTs {
            let keys = NotedKeys(source: parts.keySource)
            parts.tokens = parts.tokens.replacing("key", with: TokenChecks.key(of: parts.issuers, from: keys))
        } else if parts.asksTheIssuer {
            parts.tokens = TokenChecks.introspection(
                issuers: parts.issuers, audience: parts.resource, leeway: parts.leeway,
                introspector: NotedIntrospector(introspector: parts.introspector), binding: parts.configuration.binding)
        }
    }

    private func watched<Evidence: Watched>(
        _ right: Verifier<Evidence>, _ shadows: [Shadow], _ member: ServerPartsBits.Member,
        _ list: @escaping @Sendable (ServerParts) -> Verifier<Evidence>?, _ changed: @escaping @Sendable (Shadow) -> Set<String>?
    ) -> Verifier<Evidence> {
        Verifier(
            right.checks.map { check in
                let shadows = shadows.filter { $0.watches(member) && changed($0)?.contains(check.name) ?? true }
                return Check(check.name) { evidence, now in
                    let before = evidence
                    var after = evidence
                    let refusal = await SourceAnswers.$current.withValue(SourceAnswers()) {
                        let refusal = await check(&after, at: now)
                        let moment = CheckMoment(name: check.name, before: before, refusal: refusal, after: after)
                        for shadow in shadows where shadow.watches(member) { await shadow.check(moment, in: list, at: now) }
                        return refusal
                    }
                    evidence = after
                    return refusal
                }
            })
    }

    private func watchCalls(_ parts: inout ServerParts, _ right: ServerParts, _ shadows: [Shadow]) {
        let authenticateShadows = shadows.filter { $0.watches(.authenticate) }
        parts.authenticate = { parts, request, policy, now in
            let outcome = await right.authenticate(parts, request, policy, now)
            let moment = AuthenticationMoment(request: request, policy: policy, outcome: outcome)
            for shadow in authenticateShadows where shadow.watches(.authenticate) { await shadow.authenticate(moment, at: now) }
            return outcome
        }
        let missingScopesShadows = shadows.filter { $0.watches(.missingScopes) }
        parts.missingScopes = { principal, tool in
            let missing = right.missingScopes(principal, tool)
            let moment = ScopesMoment(principal: principal, tool: tool.tool.name, missing: missing)
            for shadow in missingScopesShadows where shadow.watches(.missingScopes) { shadow.scopes(moment, tool) }
            return missing
        }
        let tenantShadows = shadows.filter { $0.watches(.tenant) }
        parts.tenant = { caller, request in
            let tenant = right.tenant(caller, request)
            let moment = TenantMoment(caller: caller, request: request, tenant: tenant)
            for shadow in tenantShadows where shadow.watches(.tenant) { shadow.tenant(moment) }
            return tenant
        }
        let toolShadows = shadows.filter { $0.watches(.tools) }
        parts.tools = right.tools.map { tool in
            let note: @Sendable () -> Void = {
                for shadow in toolShadows where shadow.watches(.tools) { shadow.uses(tool: tool.tool.name) }
            }
            return ServerTool(tool.tool, scopes: tool.scopes) { call in
                note()
                return await tool.objection(call)
            } run: { (call) throws(ToolFailure) in
                note()
                return try await tool.run(call)
            }
        }
        let sessionOwnerShadows = shadows.filter { $0.watches(.sessionOwner) }
        parts.sessionOwner = { principal in
            let owner = right.sessionOwner(principal)
            for shadow in sessionOwnerShadows where shadow.watches(.sessionOwner) {
                shadow.owner(OwnerMoment(principal: principal, owner: owner))
            }
            return owner
        }
    }

    private func watchAnswers(_ parts: inout ServerParts, _ right: ServerParts, _ shadows: [Shadow]) {
        let challengesShadows = shadows.filter { $0.watches(.challenges) }
        parts.challenges = { parts, request, rejection in
            let challenges = right.challenges(parts, request, rejection)
            let moment = ChallengesMoment(request: request, rejection: rejection, challenges: challenges)
            for shadow in challengesShadows where shadow.watches(.challenges) { shadow.challenges(moment) }
            return challenges
        }
        let auditShadows = shadows.filter { $0.watches(.audit) }
        parts.audit = { record, request in
            try await right.audit(record, request)
            for shadow in auditShadows where shadow.watches(.audit) { await shadow.record(RecordMoment(record: record), request) }
        }
        let connectionShadows = shadows.filter(\.watchesConnections)
        let answerShadows = shadows.filter(\.watchesAnswers)
        parts.respond = { [report] parts, request, content in
            let watched = WatchedRequest(request.id, report)
            let outcome = await WatchedRequest.$current.withValue(watched) {
                for shadow in connectionShadows { await shadow.connection(of: request, at: right.clock()) }
                let body = BodyOnce()
                let outcome: Result<Response, any Error>
                do { outcome = .success(try await right.respond(parts, request) { try await body.read(content) }) } catch {
                    outcome = .failure(error)
                }
                let moment = AnswerMoment(request: request, body: body.wasRead, outcome: outcome)
                for shadow in answerShadows where shadow.watchesAnswers {
                    await shadow.answer(moment) { try await body.readLate(content) }
                }
                return outcome
            }
            watched.tell()
            return watched.following(try outcome.get())
        }
    }
}
