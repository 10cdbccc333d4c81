import Auth
import Hummingbird
import MCP
import OAuth
import Server

/// Parts that do nothing but tell again what the right server did. A defect is bent over these, so that asking it costs next to
/// nothing and leaves no trace.
extension Shadow {
    static func replaying(_ right: ServerParts) -> ServerParts {
        var parts = right
        parts.keySource = ReplayedKeys()
        parts.introspector = ReplayedIntrospector()
        parts.keys = replaying(right.keys, right)
        parts.tokens = replaying(right.tokens, right)
        parts.proofs = replaying(right.proofs, right)
        parts.peers = replaying(right.peers, right)
        parts.proxies = right.proxies.map { replaying($0, right) }
        replayConnections(&parts)
        parts.authenticate = { parts, request, policy, _ in
            Replay.note(parts)
            guard let moment = Replay.told(AuthenticationMoment.self) else { return .anyone }
            if !request.isLike(moment.request) || policy?.required != moment.policy?.required { Replay.current?.act() }
            return moment.outcome
        }
        parts.respond = { parts, request, content in
            Replay.note(parts)
            guard let moment = Replay.told(AnswerMoment.self) else { return Response(status: .internalServerError) }
            if !request.isLike(moment.request) { Replay.current?.act() }
            if let body = moment.body, try await content() != body { Replay.current?.act() }
            return try moment.outcome.get()
        }
        parts.missingScopes = { principal, tool in
            guard let moment = Replay.told(ScopesMoment.self), principal == moment.principal, tool.tool.name == moment.tool else {
                Replay.current?.act()
                return []
            }
            return moment.missing
        }
        parts.challenges = { _, request, rejection in
            guard let moment = Replay.told(ChallengesMoment.self), request.isLike(moment.request), rejection == moment.rejection else {
                Replay.current?.act()
                return []
            }
            return moment.challenges
        }
        parts.audit = { record, _ in
            if let moment = Replay.told(RecordMoment.self), record != moment.record { Replay.current?.act() }
        }
        parts.tenant = { caller, request in
            guard let moment = Replay.told(TenantMoment.self), caller == moment.caller, request.isLike(moment.request) else {
                Replay.current?.act()
                return nil
            }
            return moment.tenant
        }
        parts.sessionOwner = { principal in
            guard let moment = Replay.told(OwnerMoment.self), principal == moment.principal else {
                Replay.current?.act()
                return ""
            }
            return moment.owner
        }
        return parts
    }

    private static func replayConnections(_ parts: inout ServerParts) {
        if let right = parts.tls {
            parts.tls = {
                guard let moment = Replay.told(SettingsMoment.self) else { return try right() }
                return moment.settings
            }
        }
        // Whoever judges in BoringSSL's place is alone in it.
        parts.chainJudge = { _ in false }
        parts.auditHandshake = { record in
            if let moment = Replay.told(HandshakeMoment.self), record != moment.record { Replay.current?.act() }
        }
        parts.forwarding = { _, request, _ in
            guard let moment = Replay.told(ForwardingMoment.self), request.isLike(moment.request) else {
                Replay.current?.act()
                return request
            }
            return moment.settled
        }
    }

    private static func replaying<Evidence: Watched>(_ list: Verifier<Evidence>, _ right: ServerParts) -> Verifier<Evidence> {
        Verifier(
            list.checks.map { check in
                Check(check.name) { evidence, _ in
                    guard let moment = Replay.told(CheckMoment<Evidence>.self), moment.name == check.name,
                        evidence.isLike(moment.before, to: right)
                    else {
                        Replay.current?.act()
                        return Refusal(.malformed)
                    }
                    evidence = moment.after
                    return moment.refusal
                }
            })
    }

    /// The names of the checks that are other ones in the second list, or missing from it; nil where it is more than that.
    static func changes<Evidence>(_ right: Verifier<Evidence>, _ bent: Verifier<Evidence>) -> Set<String>? {
        var names = Set(right.checks.map(\.name))
        guard bent.checks.map(\.name) == right.checks.map(\.name).filter({ name in bent.checks.contains { $0.name == name } }) else {
            return nil
        }
        for check in bent.checks {
            if let other = right.checks.first(where: { $0.name == check.name }), looks(check) == looks(other) { names.remove(check.name) }
        }
        return names
    }

    /// The names of the tools that are other ones in the second list; nil where it is more than that.
    static func changes(_ right: [ServerTool], _ bent: [ServerTool]) -> Set<String>? {
        guard right.map(\.tool) == bent.map(\.tool), right.map(\.scopes) == bent.map(\.scopes) else { return nil }
        return Set(zip(right, bent).filter { !areIdentical($0, $1) }.map(\.0.tool.name))
    }

    private static func looks<Evidence>(_ check: Check<Evidence>) -> [UInt8] { withUnsafeBytes(of: check) { Array($0) } }
}
