import Scenarios
import Trace

/// Whether an answer looks as it should.
struct FormRule {
    let form: AnswerForm
    /// Whether it is an issuer's answer to one of its clients.
    var isIssuers = false

    /// Why not; nil for an answer that does, or that was never HTTP.
    func objection(to call: CallEvent) -> String? {
        guard let fields = call.fields else { return call.status == nil ? nil : "the answer's fields were not kept" }
        let challenge = fields["www-authenticate"]
        switch form {
        case .challenge:
            guard let challenge else { return "no WWW-Authenticate field" }
            guard let challenges = ChallengeSyntax.read(challenge) else { return "WWW-Authenticate is no challenge" }
            let schemes = challenges.map { $0.scheme.lowercased() }
            return schemes.contains { shown.contains($0) } ? nil : "asks for \(Words.either(schemes)), which opens nothing here"
        case .wellFormed:
            if fields["x-injected"] != nil { return "what was sent became a field of the answer" }
            guard let challenge else { return nil }
            return ChallengeSyntax.read(challenge) == nil ? "WWW-Authenticate is no challenge" : call.echoed.map { "repeats \($0)" }
        case .quiet:
            let names = parameters(challenge).keys
            return names.contains { $0.hasPrefix("error") } ? "the challenge names an error, and nothing was presented" : nil
        case .invalidToken: return named("invalid_token", challenge)
        case .invalidRequest: return named("invalid_request", challenge)
        case .insufficientScope:
            guard parameters(challenge)["scope"]?.isEmpty == false else { return "the challenge names no scope" }
            return named("insufficient_scope", challenge)
        case .metadata: return parameters(challenge)["resource_metadata"] == nil ? "the challenge points to no metadata" : nil
        case .headerMismatch:
            return call.error == "-32020" ? nil : "the error is \(call.error ?? "without a code"), wanted -32020 (HeaderMismatch)"
        case .discreet: return call.echoed.map { "repeats \($0)" }
        case .uncached:
            let directives = (fields["cache-control"] ?? "").lowercased().split(separator: ",").map { $0.filter { $0 != " " } }
            return directives.contains("no-store") || directives.contains("private") ? nil : "any cache may keep it"
        case .notStored:
            let directives = (fields["cache-control"] ?? "").lowercased().split(separator: ",").map { $0.filter { $0 != " " } }
            return directives.contains("no-store") ? nil : "a cache may keep it"
        // Said of all calls together, elsewhere.
        case .uniform, .throttled: return nil
        }
    }

    /// The schemes in which credentials are shown there (RFC 6749 section 2.3.1; RFC 6750; RFC 9449).
    private var shown: [String] { isIssuers ? ["basic"] : ["bearer", "dpop"] }

    private func named(_ error: String, _ challenge: String?) -> String? {
        guard challenge != nil else { return "no WWW-Authenticate field" }
        let found = parameters(challenge)["error"]
        return found == error ? nil : "the challenge names \(found ?? "no error"), wanted \(error)"
    }

    /// Of all challenges together: which scheme says it does not matter here.
    private func parameters(_ challenge: String?) -> [String: String] {
        guard let challenge, let challenges = ChallengeSyntax.read(challenge) else { return [:] }
        return challenges.reduce(into: [:]) { $0.merge($1.parameters) { first, _ in first } }
    }
}
