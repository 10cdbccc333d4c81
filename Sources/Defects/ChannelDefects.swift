import Auth
import Foundation
import MutualTLS
import NIOSSL
import Server
import Serving
import Synchronization

extension Defect {
    /// Revocation and names that are asked for at the wrong moment, or in the wrong process. The right server asks on every request, in each.
    static let channelDefects: [Defect] = [
        askingForRevocation("server/resumes-without-rechecking") { connection in !connection.isResumed },
        askingForRevocation("server/checks-only-at-handshake") { connection in !connection.isResumed && !connection.hasPassed },
        knowingTheConnection("server/resumes-under-the-name-of-before", "name") { right, stories, evidence, now in
            let story = stories.story(of: ConnectionStories.connection, evidence.peer)
            if story.isResumed, let client = stories.client(of: evidence.peer) {
                evidence.client = client
                return nil
            }
            let refusal = await right(&evidence, at: now)
            if let client = evidence.client { stories.found(client, for: evidence.peer) }
            return refusal
        },
        Defect(
            "server/looks-for-lists-only-as-leader",
            server: { parts in
                guard let path = parts.configuration.tls?.crl, !path.contains("://"),
                    parts.peers.checks.contains(where: { $0.name == "revocation" })
                else { return }
                // Held for as long as the process lives.
                let lock = open("\(path).leader", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
                guard flock(lock, LOCK_EX | LOCK_NB) != 0 else { return }
                let own = "\(path).of-\(getpid())"
                try? FileManager.default.copyItem(atPath: path, toPath: own)
                parts.peers = parts.peers.replacing(
                    "revocation", with: PeerChecks.notRevoked(FileRevocationSource(path: own, trust: parts.trust)))
            }),
    ]

    /// - Parameter asks: Whether a request's certificate is asked about, by what is known of its connection.
    private static func askingForRevocation(_ id: String, when asks: @escaping @Sendable (ConnectionStory) -> Bool) -> Defect {
        knowingTheConnection(id, "revocation") { right, stories, evidence, now in
            guard asks(stories.story(of: ConnectionStories.connection, evidence.peer)) else { return nil }
            let refusal = await right(&evidence, at: now)
            if refusal == nil { stories.passed(ConnectionStories.connection) }
            return refusal
        }
    }

    /// A check that knows what a request's connection began with.
    private static func knowingTheConnection(
        _ id: String, _ name: String,
        _ judge: @escaping @Sendable (Check<PeerEvidence>, ConnectionStories, inout PeerEvidence, Date) async -> Refusal?
    ) -> Defect {
        Defect(
            id,
            server: { parts in
                guard let right = parts.peers.checks.first(where: { $0.name == name }) else { return }
                let stories = ConnectionStories()
                // In a full handshake the TLS layer asks for a judge of the chain; for a resumed session it does not. What the
                // judge leaves undone, RFC 5280 section 6, is done on every request.
                parts.chainJudge = { chain in
                    stories.handshake(with: chain.first.flatMap { try? $0.toDERBytes() } ?? [])
                    return true
                }
                let chain = ChainRule(parts.trust, maximumLength: parts.configuration.tls?.maxChain ?? 5)
                parts.peers = parts.peers
                    .replacing(
                        "chain",
                        with: Check("chain") { evidence, now in
                            // Its own dates are looked at further down the list.
                            guard evidence.peer.notBefore <= now, now <= evidence.peer.notAfter else { return nil }
                            return await chain.refusal(of: evidence.peer, handshake: nil, at: now)
                        }
                    )
                    .replacing(name, with: Check(name) { evidence, now in await judge(right, stories, &evidence, now) })
                let authenticate = parts.authenticate
                parts.authenticate = { parts, request, policy, now in
                    await ConnectionStories.$connection.withValue(request.peer ?? "") { await authenticate(parts, request, policy, now) }
                }
            })
    }
}

/// What a defective server remembers of a connection.
private struct ConnectionStory {
    var isResumed: Bool
    /// Whether its certificate was found not to be revoked once.
    var hasPassed = false
}

/// Tells connections that began with a full handshake from those that resumed a session.
private final class ConnectionStories: Sendable {
    private struct State {
        /// Full handshakes by certificate of which no request has come yet.
        var handshakes: [String: Int] = [:]
        var stories: [String: ConnectionStory] = [:]
        /// Whom the list named when a certificate was looked at last.
        var clients: [String: AllowedClient] = [:]
    }

    /// The other end of the connection whose request is being judged.
    @TaskLocal static var connection = ""

    private let state = Mutex(State())

    func handshake(with certificate: [UInt8]) {
        // A server that is only watched does not say which connections began with one: each is taken for one that did not.
        guard Replay.current == nil, let peer = try? PeerCertificate(der: certificate) else { return }
        state.withLock { $0.handshakes[peer.thumbprint, default: 0] += 1 }
    }

    func story(of connection: String, _ peer: PeerCertificate) -> ConnectionStory {
        state.withLock { state in
            if let story = state.stories[connection] { return story }
            let isFull = state.handshakes[peer.thumbprint, default: 0] > 0
            if isFull { state.handshakes[peer.thumbprint, default: 1] -= 1 }
            let story = ConnectionStory(isResumed: !isFull)
            state.stories[connection] = story
            return story
        }
    }

    func client(of peer: PeerCertificate) -> AllowedClient? { state.withLock { $0.clients[peer.thumbprint] } }

    func found(_ client: AllowedClient, for peer: PeerCertificate) { state.withLock { $0.clients[peer.thumbprint] = client } }

    func passed(_ connection: String) { state.withLock { $0.stories[connection]?.hasPassed = true } }
}
