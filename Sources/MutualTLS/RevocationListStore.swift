package import Foundation
import SwiftASN1
import Synchronization

/// The last good revocation list of every authority, wherever lists come from.
///
/// Each list is judged by itself. One that is bad does not displace its issuer's list from before, which then counts until
/// its own `nextUpdate`; from there on the answer is that nothing is known.
package final class RevocationListStore: RevocationSource {
    private let trust: TrustStore
    private let rules: PublishedRules<RevocationListEvidence>
    private let memory = VerdictMemory<RevocationStatus>()
    private let state = Mutex(State())

    private struct State {
        var lists: RevocationLists?
        /// Of what the authorities vouched for when the lists were taken.
        var trusted: UInt64 = 0
        /// One more with every change of the lists.
        var generation: UInt64 = 0
        var problem = "no revocation list has been read"
    }

    /// What came of new lists.
    package struct Outcome: Sendable, Hashable {
        /// What is wrong, in sentences; empty when every list was taken.
        package var problems: [String] = []
        /// When a list that is not yet valid will be.
        package var again: Date?
        /// Whether there is any list to judge by now.
        package var hasLists = false
    }

    /// - Parameter rules: When a list takes the place of the one before.
    package init(trust: TrustStore, rules: PublishedRules<RevocationListEvidence> = RevocationListRules.all) {
        self.trust = trust
        self.rules = rules
    }

    package func status(of peer: PeerCertificate, at now: Date) async -> RevocationStatus {
        let (lists, generation, authorities) = current()
        if let known = memory.recall(peer.thumbprint, generation: generation, at: now) { return known }
        guard let lists else { return .unknown(state.withLock { $0.problem }) }
        let issuer = authorities.publisher(for: peer.certificate)
        let status = lists.status(issuer: issuer, serial: peer.serial, at: now)
        memory.remember(status, for: peer.thumbprint, generation: generation, during: lists.interval(of: issuer, around: now))
        return status
    }

    /// The time of the first list to expire; nil where there is none.
    package var nextUpdate: Date? {
        state.withLock { $0.lists?.lists.values.map(\.nextUpdate).min() }
    }

    /// Takes new lists, PEM or DER. Blocks for as long as reading them takes.
    package func take(_ bytes: [UInt8], at now: Date) -> Outcome {
        let trust = self.trust.current
        let previous = current().lists
        var outcome = Outcome()
        let documents: [[UInt8]]
        do {
            documents = try Self.documents(in: bytes)
        } catch {
            return refused("cannot be read as PEM or DER of revocation lists", outcome)
        }
        guard !documents.isEmpty else { return refused("holds no revocation list", outcome) }
        var taken: [ListPublisher: RevocationList] = [:]
        for document in documents {
            do {
                let list = try RevocationList(reading: document)
                // The newest counts, wherever it stands: nobody orders what is put behind one another.
                let publisher = trust.authorities.publisher(of: list)
                let before = publisher.flatMap { taken[$0] ?? previous?.lists[$0] }
                var evidence = RevocationListEvidence(list: list, previous: before, authorities: trust.authorities)
                if let problem = rules.objection(to: &evidence, at: now) {
                    outcome.problems.append(problem)
                    outcome.again = [outcome.again, evidence.again].compactMap(\.self).min()
                } else if let publisher {
                    taken[publisher] = list
                }
            } catch {
                outcome.problems.append("not a usable revocation list: \(error)")
            }
        }
        // Among bad lists may be one that was to be somebody's whose list is not there: then nobody's is dropped.
        let kept = outcome.problems.isEmpty ? [:] : previous?.lists ?? [:]
        let lists = kept.merging(taken) { $1 }
        guard !lists.isEmpty else { return refused(nil, outcome) }
        outcome.hasLists = true
        let made = RevocationLists(lists, authorities: trust.authorities)
        state.withLock { state in
            (state.lists, state.trusted, state.generation) = (made, trust.generation, state.generation + 1)
        }
        return outcome
    }

    private func refused(_ problem: String?, _ outcome: Outcome) -> Outcome {
        var outcome = outcome
        outcome.problems += problem.map { [$0] } ?? []
        outcome.hasLists = state.withLock { state in
            if let first = outcome.problems.first { state.problem = first }
            return state.lists != nil
        }
        return outcome
    }

    /// Notes why there are no lists, for as long as there are none.
    package func note(_ problem: String) {
        state.withLock { $0.problem = problem }
    }

    /// The lists, without those whose signer is trusted no longer.
    private func current() -> (lists: RevocationLists?, generation: UInt64, authorities: TrustedAuthorities) {
        let trust = self.trust.current
        return state.withLock { state in
            if let lists = state.lists, state.trusted != trust.generation {
                let vouched = lists.lists.filter { trust.authorities.publisher(of: $0.value) == $0.key }
                state.lists = vouched.isEmpty ? nil : RevocationLists(vouched, authorities: trust.authorities)
                state.generation += 1
            }
            state.trusted = trust.generation
            return (state.lists, state.generation, trust.authorities)
        }
    }

    /// The lists in a file, each in DER.
    /// - Throws: The PEM parser's error.
    package static func documents(in bytes: [UInt8]) throws -> [[UInt8]] {
        // DER of a SEQUENCE begins with 0x30, which is the digit 0 in text, and no PEM begins with that.
        if bytes.first == 0x30 { return [bytes] }
        return try PEMDocument.parseMultiple(pemString: String(decoding: bytes, as: UTF8.self)).map { document in
            guard document.discriminator == "X509 CRL" else { throw RevocationList.Defect.malformed("not a CRL") }
            return document.derBytes
        }
    }
}
