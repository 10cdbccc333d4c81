import OAuth
import Synchronization

/// What keys and answers the right server got while it looked at one piece of evidence.
final class SourceAnswers: Sendable {
    @TaskLocal static var current: SourceAnswers?

    private struct State {
        var keys: [[String]: KeyAnswer] = [:]
        var tokens: [[String]: IntrospectionAnswer] = [:]
    }

    private let state = Mutex(State())

    func note(_ answer: KeyAnswer, issuer: String, kid: String) { state.withLock { $0.keys[[issuer, kid]] = answer } }
    func note(_ answer: IntrospectionAnswer, token: String, issuer: String) { state.withLock { $0.tokens[[token, issuer]] = answer } }
    func key(issuer: String, kid: String) -> KeyAnswer? { state.withLock { $0.keys[[issuer, kid]] } }
    func answer(token: String, issuer: String) -> IntrospectionAnswer? { state.withLock { $0.tokens[[token, issuer]] } }
}

/// The right source, with notes of what it said.
struct NotedKeys: KeySource {
    let source: any KeySource

    func keys(issuer: String, kid: String) async -> KeyAnswer {
        let answer = await source.keys(issuer: issuer, kid: kid)
        SourceAnswers.current?.note(answer, issuer: issuer, kid: kid)
        return answer
    }
}

struct NotedIntrospector: Introspector {
    let introspector: any Introspector

    func introspect(token: String, issuer: String) async -> IntrospectionAnswer {
        let answer = await introspector.introspect(token: token, issuer: issuer)
        SourceAnswers.current?.note(answer, token: token, issuer: issuer)
        return answer
    }
}

/// Says again what the right source said; whoever asks for anything else acts.
struct ReplayedKeys: KeySource {
    func keys(issuer: String, kid: String) async -> KeyAnswer {
        if let answer = SourceAnswers.current?.key(issuer: issuer, kid: kid) { return answer }
        Replay.current?.act()
        return .none
    }
}

struct ReplayedIntrospector: Introspector {
    func introspect(token: String, issuer: String) async -> IntrospectionAnswer {
        if let answer = SourceAnswers.current?.answer(token: token, issuer: issuer) { return answer }
        Replay.current?.act()
        return .unreachable
    }
}
