import Foundation
import OAuth
import Synchronization

/// A clock that moves when the test says so.
final class ManualClock: Sendable {
    private let instant = Mutex(ContinuousClock.now)

    func advance(by duration: Duration) { instant.withLock { $0 += duration } }

    var now: @Sendable () -> ContinuousClock.Instant {
        { self.instant.withLock { $0 } }
    }
}

/// An issuer's `jwks_uri`: what it serves, and how often it was asked.
actor Publisher {
    private(set) var fetches = 0
    private var document: Data?
    private var gate: [CheckedContinuation<Void, Never>] = []
    private var isClosed = false

    init(_ document: Data?) { self.document = document }

    func publish(_ document: Data?) { self.document = document }

    /// Until it is opened, every question waits.
    func close() { isClosed = true }

    func open() {
        isClosed = false
        for waiting in gate { waiting.resume() }
        gate = []
    }

    func answer() async -> Data? {
        fetches += 1
        if isClosed { await withCheckedContinuation { gate.append($0) } }
        return document
    }
}

/// An issuer that answers from a table, and counts.
actor TableIntrospector: Introspector {
    private(set) var asked: [String] = []
    var answers: [String: IntrospectionAnswer]

    init(_ answers: [String: IntrospectionAnswer]) { self.answers = answers }

    func set(_ issuer: String, _ answer: IntrospectionAnswer) { answers[issuer] = answer }

    func introspect(token: String, issuer: String) async -> IntrospectionAnswer {
        asked.append(issuer)
        return answers[issuer] ?? .unreachable
    }
}

extension KeyAnswer {
    /// The answer in a word, for comparisons.
    var word: String {
        switch self {
        case .key(let key): key.kid
        case .none: "none"
        case .unreachable: "unreachable"
        }
    }
}
