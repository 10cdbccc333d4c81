import MutualTLS
import SwiftASN1
import Synchronization
import X509

/// The certificates between clients' and the anchors, as the handshakes under one context have found them. Read once for all who
/// have the same issuer, and kept for resumed sessions, in which no certificates are sent (RFC 8446 section 2.2).
final class SentIssuers: Sendable {
    private struct State {
        /// By their DER forms.
        var read: [[[UInt8]]: [Certificate]] = [:]
        /// By the thumbprint of the client's certificate.
        var ofClients: [String: [Certificate]] = [:]
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: How many clients are remembered; beyond that, all are forgotten.
    init(capacity: Int = 20_000) {
        self.capacity = capacity
    }

    /// - Parameters:
    ///   - client: The client's certificate in DER.
    ///   - chain: What the handshake has verified, from the anchor to the client's certificate; empty for a resumed session.
    /// - Returns: Nil for a session of which nothing is known.
    /// - Throws: The parser's error.
    func issuers(of client: [UInt8], verified chain: [[UInt8]]) throws -> [Certificate]? {
        let thumbprint = PeerCertificate.thumbprint(of: client)
        let between = Array(chain.dropFirst().dropLast().reversed())
        guard !chain.isEmpty else { return state.withLock { $0.ofClients[thumbprint] } }
        let issuers = try state.withLock { $0.read[between] } ?? between.map { try Certificate(derEncoded: $0) }
        state.withLock { state in
            if state.ofClients.count >= capacity { state = State() }
            state.read[between] = issuers
            state.ofClients[thumbprint] = issuers
        }
        return issuers
    }
}
