import Auth
import OAuth
import Server
import Synchronization

extension Defect {
    /// Bent ways to live without the issuer: keys that are forgotten too early, too late or never.
    static let outageDefects: [Defect] = [
        Defect("server/keys-count-for-ever-in-an-outage", server: { $0.readKeys { KeysRemembered(over: $0, insteadOf: .unreachable) } }),
        Defect("server/keeps-removed-keys", server: { $0.readKeys { KeysRemembered(over: $0, insteadOf: .none) } }),
        Defect("server/keeps-no-keys", server: { $0.readKeys { KeysForgotten(over: $0) } }),
        Defect("server/blames-the-token-in-an-outage", server: { $0.readKeys { KeysDenied(over: $0) } }),
        Defect("server/gives-up-on-a-silent-issuer", server: { $0.readKeys { KeysGivenUp(over: $0) } }),
        Defect(
            "server/believes-old-answers-in-an-outage",
            server: { parts in
                guard parts.tokens.checks.contains(where: { $0.name == "active" }) else { return }
                let memory = LastAnswers(over: parts.introspector)
                parts.askForTokens(memory)
            }),
    ]
}

extension ServerParts {
    /// Puts another source of keys in the right one's place, where tokens are verified by keys.
    fileprivate mutating func readKeys(from source: (any KeySource) -> any KeySource) {
        guard tokens.checks.contains(where: { $0.name == "key" }) else { return }
        tokens = tokens.replacing("key", with: TokenChecks.key(of: issuers, from: source(keySource)))
    }
}

/// Remembers every key it was ever given, and brings it up when there is none to be had.
private final class KeysRemembered: KeySource {
    enum Lack { case none, unreachable }

    private let source: any KeySource
    private let lack: Lack
    private let known = Mutex<[[String]: VerificationKey]>([:])

    init(over source: any KeySource, insteadOf lack: Lack) {
        self.source = source
        self.lack = lack
    }

    func keys(issuer: String, kid: String) async -> KeyAnswer {
        let answer = await source.keys(issuer: issuer, kid: kid)
        let old = known.withLock { $0[[issuer, kid]] }.map(KeyAnswer.key)
        switch answer {
        case .key(let key):
            known.withLock { $0[[issuer, kid]] = key }
            return answer
        case .none: return lack == .none ? old ?? answer : answer
        case .unreachable: return lack == .unreachable ? old ?? answer : answer
        }
    }
}

/// Has every key fetched anew.
private struct KeysForgotten: KeySource {
    let source: any KeySource

    init(over source: any KeySource) { self.source = source }

    func keys(issuer: String, kid: String) async -> KeyAnswer {
        if mayActNow() { await (source as? JWKSCache)?.forget() }
        return await source.keys(issuer: issuer, kid: kid)
    }
}

/// Takes silence for the answer that there is no such key.
private struct KeysDenied: KeySource {
    let source: any KeySource

    init(over source: any KeySource) { self.source = source }

    func keys(issuer: String, kid: String) async -> KeyAnswer {
        let answer = await source.keys(issuer: issuer, kid: kid)
        if case .unreachable = answer { return .none }
        return answer
    }
}

/// Asks no more once nobody answered.
private final class KeysGivenUp: KeySource {
    private let source: any KeySource
    private let silent = Mutex<Set<String>>([])

    init(over source: any KeySource) { self.source = source }

    func keys(issuer: String, kid: String) async -> KeyAnswer {
        if silent.withLock({ $0.contains(issuer) }) { return .unreachable }
        let answer = await source.keys(issuer: issuer, kid: kid)
        if case .unreachable = answer { silent.withLock { _ = $0.insert(issuer) } }
        return answer
    }
}

/// Takes the last answer about a token when there is no new one.
private final class LastAnswers: Introspector {
    private let introspector: any Introspector
    private let answers = Mutex<[String: IntrospectionAnswer]>([:])

    init(over introspector: any Introspector) { self.introspector = introspector }

    func introspect(token: String, issuer: String) async -> IntrospectionAnswer {
        let answer = await introspector.introspect(token: token, issuer: issuer)
        guard answer == .unreachable else {
            answers.withLock { $0[token] = answer }
            return answer
        }
        return answers.withLock { $0[token] } ?? answer
    }
}
