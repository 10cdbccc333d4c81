package import Foundation
import Synchronization
import X509

/// Asks a certificate's issuer about it (RFC 6960), and remembers the answer for as long as it may.
///
/// One question is under way for a certificate at a time, and whoever needs the answer waits for that one; nobody else waits.
/// The authorities between a client's certificate and an anchor are asked about too, where their certificates name a responder; those
/// that name none are revoked by list, or by taking them off the operator's files.
package final class OCSPRevocationSource: RevocationSource {
    package struct Rules: Sendable, Hashable {
        /// Whether a certificate counts while its responder cannot answer (soft fail). An answer that is wrong never helps it.
        package var forgivesOutages: Bool
        /// Nil: the one that the certificate names.
        package var responder: String?
        /// How long an answer may take.
        package var timeout: Duration
        package var usesNonce: Bool
        /// For how many seconds an answer may be used again, its own end aside.
        package var maximumAge: TimeInterval

        package init(
            forgivesOutages: Bool = false, responder: String? = nil, timeout: Duration = .seconds(2), usesNonce: Bool = true,
            maximumAge: TimeInterval = 300
        ) {
            self.forgivesOutages = forgivesOutages
            self.responder = responder
            self.timeout = timeout
            self.usesNonce = usesNonce
            self.maximumAge = maximumAge
        }
    }

    /// Sends a question to a responder's address, and returns the answer's bytes.
    package typealias Fetch = @Sendable (_ request: [UInt8], _ responder: String, _ timeout: Duration) async throws -> [UInt8]

    /// What an answer is worth.
    package typealias Judge = @Sendable (_ verification: OCSPVerification, _ answer: [UInt8], _ now: Date) -> OCSPVerdict

    /// A failure is not asked about again for this long: else an outage would be a flood of questions when it ends.
    private static let pause: Duration = .seconds(1)
    /// For how many seconds an answer counts whose responder always knows the latest (RFC 6960 section 4.2.2.1), however short
    /// answers are kept: it may have been made a while ago.
    private static let recency: TimeInterval = 300

    package let rules: Rules
    package let answerRules: PublishedRules<OCSPEvidence>
    private let judge: Judge
    private let trust: TrustStore
    private let fetch: Fetch
    private let report: @Sendable (String) -> Void
    private let uptime: @Sendable () -> ContinuousClock.Instant
    private let memory = VerdictMemory<RevocationStatus>()
    private let chains = VerdictMemory<Chain>()
    private let state = Mutex(State())

    /// The authorities above a certificate that must be asked about, as far as they could be found among what was sent along.
    private struct Chain: Sendable {
        var sent: [Certificate]?
        var authorities: [PeerCertificate]
    }

    private struct State {
        /// By thumbprint.
        var underway: [String: Task<RevocationStatus, Never>] = [:]
        var failures: [String: (status: RevocationStatus, at: ContinuousClock.Instant)] = [:]
        var isOut = false
    }

    /// - Parameters:
    ///   - answerRules: When an answer says something to rely on.
    ///   - report: Told of the beginning and the end of an outage.
    package init(
        rules: Rules, trust: TrustStore, fetch: @escaping Fetch, answerRules: PublishedRules<OCSPEvidence> = OCSPRules.all,
        judge: @escaping Judge = { $0.verdict(on: $1, at: $2) }, report: @escaping @Sendable (String) -> Void = { _ in },
        uptime: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.rules = rules
        self.answerRules = answerRules
        self.judge = judge
        self.trust = trust
        self.fetch = fetch
        self.report = report
        self.uptime = uptime
    }

    /// Another source that asks the same responder, remembers nothing of this one's, and goes by other rules where some are given.
    package func with(rules: Rules? = nil, answerRules: PublishedRules<OCSPEvidence>? = nil, judge: Judge? = nil) -> OCSPRevocationSource {
        OCSPRevocationSource(
            rules: rules ?? self.rules, trust: trust, fetch: fetch, answerRules: answerRules ?? self.answerRules,
            judge: judge ?? self.judge,
            report: report, uptime: uptime)
    }

    package func status(of peer: PeerCertificate, at now: Date) async -> RevocationStatus {
        let trust = self.trust.current
        var status = await answer(about: peer, trust, at: now)
        for authority in authorities(above: peer, trust, at: now) {
            switch (status, await answer(about: authority, trust, at: now)) {
            case (.revoked, _), (.unknown, _), (_, .good): break
            case (_, .revoked(let what)): status = .revoked("an authority above it: \(what)")
            case (_, .unknown(let why)): status = .unknown("an authority above it: \(why)")
            case (_, .unasked(let why)): status = .unasked(why)
            }
        }
        return status
    }

    /// Those that must be asked about, from the bottom to the top.
    private func authorities(above peer: PeerCertificate, _ trust: TrustStore.Trust, at now: Date) -> [PeerCertificate] {
        // A connection that brings more certificates along, or knows them still, may lead further.
        if let known = chains.recall(peer.thumbprint, generation: trust.generation, at: now), known.sent == peer.issuers {
            return known.authorities
        }
        var (found, top): ([PeerCertificate], Certificate) = ([], peer.certificate)
        // No path is longer that anybody accepts.
        while found.count < 20, let issuer = issuer(of: top, sent: peer.issuers, trust.authorities),
            !trust.authorities.anchorCertificates.contains(issuer), issuer != top,
            let authority = (try? issuer.derBytes).flatMap({ try? PeerCertificate(der: $0, issuers: peer.issuers) })
        {
            found.append(authority)
            top = issuer
        }
        found.removeAll(where: \.responders.isEmpty)
        chains.remember(
            Chain(sent: peer.issuers, authorities: found), for: peer.thumbprint, generation: trust.generation,
            during: .distantPast ... .distantFuture)
        return found
    }

    /// One that is known here, or that the client has sent and the TLS layer has followed to an anchor.
    private func issuer(of certificate: Certificate, sent: [Certificate]?, _ authorities: TrustedAuthorities) -> Certificate? {
        authorities.issuers(of: certificate).first ?? (sent ?? []).first { $0.issued(certificate) }
    }

    private func answer(about peer: PeerCertificate, _ trust: TrustStore.Trust, at now: Date) async -> RevocationStatus {
        if let known = memory.recall(peer.thumbprint, generation: trust.generation, at: now) { return known }
        let question = state.withLock { state -> Task<RevocationStatus, Never>? in
            if let failure = state.failures[peer.thumbprint] {
                if uptime() - failure.at < Self.pause { return nil }
                state.failures[peer.thumbprint] = nil
            }
            if let underway = state.underway[peer.thumbprint] { return underway }
            // It may have been answered since we looked.
            if let known = memory.recall(peer.thumbprint, generation: trust.generation, at: now) { return Task { known } }
            let task = Task {
                let status = await ask(about: peer, trust, now)
                _ = self.state.withLock { $0.underway.removeValue(forKey: peer.thumbprint) }
                return status
            }
            state.underway[peer.thumbprint] = task
            return task
        }
        if let question { return await question.value }
        return state.withLock { $0.failures[peer.thumbprint]?.status } ?? .unknown("its issuer's responder was asked just now")
    }

    private func ask(about peer: PeerCertificate, _ trust: TrustStore.Trust, _ now: Date) async -> RevocationStatus {
        let verdict = await verdict(on: peer, trust.authorities, now)
        note(verdict)
        let status: RevocationStatus
        switch verdict {
        case .good(let until):
            status = .good
            let end = min(until, now + rules.maximumAge)
            memory.remember(
                status, for: peer.thumbprint, generation: trust.generation, during: now - OCSPVerification.clockDifference...max(now, end))
            return status
        case .revoked(let what):
            status = .revoked(what)
            // For good, but asked again in time, should the issuer have put it on hold only.
            memory.remember(
                status, for: peer.thumbprint, generation: trust.generation,
                during: now - OCSPVerification.clockDifference...now + rules.maximumAge)
            return status
        case .unknown(let why): status = .unknown(why)
        case .unavailable(let why): status = rules.forgivesOutages ? .unasked(why) : .unknown(why)
        }
        state.withLock { state in
            if state.failures.count >= 10_000 { state.failures.removeAll() }
            state.failures[peer.thumbprint] = (status, uptime())
        }
        return status
    }

    private func verdict(on peer: PeerCertificate, _ authorities: TrustedAuthorities, _ now: Date) async -> OCSPVerdict {
        guard
            let responder = (peer.isAuthority ? nil : rules.responder)
                ?? peer.responders.first(where: { $0.hasPrefix("http://") || $0.hasPrefix("https://") })
        else {
            return .unknown("it names no responder, and none is configured")
        }
        guard let issuer = issuer(of: peer.certificate, sent: peer.issuers, authorities) else {
            return .unknown("its issuer's certificate is not known, to ask or to believe anyone about it")
        }
        let request: OCSPRequest
        let bytes: [UInt8]
        do {
            request = OCSPRequest(
                try OCSPCertificateID(of: peer.certificate, issuer: issuer), nonce: rules.usesNonce ? OCSPRequest.randomNonce() : nil)
            bytes = try request.der
        } catch {
            return .unknown("no question can be made about it: \(error)")
        }
        guard let answer = await answer(to: bytes, from: responder) else {
            return .unavailable("the responder cannot be reached or does not answer in time")
        }
        let verification = OCSPVerification(
            of: request, issuer: issuer, maximumAge: max(rules.maximumAge, Self.recency), rules: answerRules)
        return judge(verification, answer, now)
    }

    /// Nil when there is none in time.
    private func answer(to request: [UInt8], from responder: String) async -> [UInt8]? {
        await withTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { [fetch, timeout = rules.timeout] in try? await fetch(request, responder, timeout) }
            group.addTask { [timeout = rules.timeout] in
                try? await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func note(_ verdict: OCSPVerdict) {
        let message = state.withLock { state -> String? in
            switch verdict {
            case .unavailable(let why):
                defer { state.isOut = true }
                let consequence = rules.forgivesOutages ? "certificates count unasked" : "certificates that must be asked about are refused"
                return state.isOut ? nil : "\(why): until it does, \(consequence)"
            default:
                defer { state.isOut = false }
                return state.isOut ? "the responder answers again" : nil
            }
        }
        if let message { report("OCSP: " + message) }
    }
}
