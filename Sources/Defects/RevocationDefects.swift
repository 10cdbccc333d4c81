import Auth
import Foundation
import MutualTLS
import Server
import Synchronization
import X509

extension Defect {
    /// Answers about certificates that are believed, asked for or remembered in another way than they must be. The right rules of an
    /// answer: signer, signature, extensions, nonce, subject, begun, ended, known.
    static let ocspDefects: [Defect] = [
        Defect(
            "server/ignores-ocsp",
            server: { parts in
                guard parts.peers.checks.contains(where: { $0.name == "ocsp" }) else { return }
                parts.peers = parts.peers.dropping("ocsp")
            }),
        believing("server/takes-unknown-for-good") { $0.with(answerRules: $0.answerRules.dropping("known")) },
        believing("server/believes-ended-answers") { $0.with(answerRules: $0.answerRules.dropping("ended")) },
        believing("server/believes-answers-from-the-future") { $0.with(answerRules: $0.answerRules.dropping("begun")) },
        believing("server/takes-answers-about-others") { source in
            source.with(
                answerRules: source.answerRules.replacing(
                    "subject",
                    with: PublishedRule("subject") { evidence, _ in
                        evidence.single = evidence.answer.answers.first
                        return nil
                    }))
        },
        believing("server/lets-anybody-answer") { $0.with(answerRules: $0.answerRules.dropping("signer")) },
        believing("server/ignores-the-signature-of-answers") { $0.with(answerRules: $0.answerRules.dropping("signature")) },
        believing("server/ignores-nonces") { $0.with(answerRules: $0.answerRules.dropping("nonce")) },
        believing("server/does-without-nonces") { source in
            source.with(
                answerRules: source.answerRules.replacing(
                    "nonce",
                    with: PublishedRule("nonce") { evidence, now in
                        evidence.answer.nonce == nil ? nil : OCSPRules.nonce(&evidence, at: now)
                    }))
        },
        believing("server/takes-nonsense-for-good") { source in
            source.with(judge: { verification, answer, now in
                (try? OCSPResponse(der: answer)) == nil ? .good(until: now) : verification.verdict(on: answer, at: now)
            })
        },
        believing("server/forgives-silence", ofWhom: { _ in true }) { source in
            var rules = source.rules
            rules.forgivesOutages = true
            return source.with(rules: rules)
        },
        asking("server/waits-for-slow-responders") { parts, right in
            guard let source = parts.ocsp as? OCSPRevocationSource else { return right }
            var rules = source.rules
            rules.timeout = .seconds(20)
            let patient = PeerChecks.notRevoked(source.with(rules: rules))
            return Check("ocsp") { evidence, now in
                if Replay.current == nil { return await patient(&evidence, at: now) }
                let refusal = await right(&evidence, at: now)
                return refusal?.reason == .revocationUnknown && mayActNow() ? nil : refusal
            }
        },
        asking("server/wants-the-issuers-own-signature") { parts, right in
            guard let source = parts.ocsp as? OCSPRevocationSource else { return right }
            let signsItself = Mutex<Set<Certificate>>([])
            let strict = PeerChecks.notRevoked(
                source.with(
                    answerRules: source.answerRules.replacing(
                        "signer",
                        with: PublishedRule("signer") { evidence, _ in
                            let isIssuers = evidence.signer == evidence.issuer
                            let wantsIssuers = signsItself.withLock { signsItself in
                                if isIssuers { signsItself.insert(evidence.issuer) }
                                return signsItself.contains(evidence.issuer)
                            }
                            return wantsIssuers && !isIssuers ? "an answer by somebody else than the issuer" : nil
                        })))
            return Check("ocsp") { evidence, now in
                // In its place and not beside it: nobody is asked twice.
                mayActNow() ? await strict(&evidence, at: now) : await right(&evidence, at: now)
            }
        },
        asking("server/refuses-whom-nobody-answers-for") { _, right in
            Check("ocsp") { evidence, now in
                if let refusal = await right(&evidence, at: now) { return refusal }
                return evidence.unchecked.map { Refusal(.revocationUnknown, $0) }
            }
        },
        asking("server/forgives-silently") { _, right in
            Check("ocsp") { evidence, now in
                let refusal = await right(&evidence, at: now)
                evidence.unchecked = nil
                return refusal
            }
        },
        asking("server/gives-up-on-a-silent-responder") { _, right in
            let silent = Mutex<Set<String>>([])
            return Check("ocsp") { evidence, now in
                let thumbprint = evidence.peer.thumbprint
                let refusal = await right(&evidence, at: now)
                if refusal?.reason == .revocationUnknown { silent.withLock { _ = $0.insert(thumbprint) } }
                return refusal ?? (silent.withLock { $0.contains(thumbprint) } ? Refusal(.revocationUnknown, "nobody is asked again") : nil)
            }
        },
        asking("server/stays-forgiving") { _, right in
            let forgiven = Mutex<Set<String>>([])
            return Check("ocsp") { evidence, now in
                let thumbprint = evidence.peer.thumbprint
                let refusal = await right(&evidence, at: now)
                if evidence.unchecked != nil { forgiven.withLock { _ = $0.insert(thumbprint) } }
                return forgiven.withLock { $0.contains(thumbprint) } ? nil : refusal
            }
        },
        asking("server/asks-about-the-caller-only") { _, right in
            Check("ocsp") { evidence, now in
                guard let refusal = await right(&evidence, at: now) else { return nil }
                return refusal.reason == .revoked && refusal.detail.hasPrefix("an authority above it") ? nil : refusal
            }
        },
        asking("server/refuses-below-asked-authorities") { _, right in
            Check("ocsp") { evidence, now in
                if let refusal = await right(&evidence, at: now) { return refusal }
                let isAskedAbout = (evidence.peer.issuers ?? []).contains { (try? $0.extensions.authorityInformationAccess) != nil }
                return isAskedAbout ? Refusal(.revocationUnknown, "its issuer's responder is none that is known") : nil
            }
        },
        asking("server/asks-at-every-request") { parts, right in
            guard let source = parts.ocsp as? OCSPRevocationSource, source.rules.maximumAge > 0 else { return right }
            var rules = source.rules
            rules.maximumAge = 0
            let eager = source.with(rules: rules)
            return Check("ocsp") { evidence, now in
                if mayActNow() { _ = await eager.status(of: evidence.peer, at: now) }
                return await right(&evidence, at: now)
            }
        },
        asking("server/keeps-answers-beyond-their-end") { parts, right in
            guard let source = parts.ocsp as? OCSPRevocationSource else { return right }
            let good = Mutex<[String: Date]>([:])
            return Check("ocsp") { evidence, now in
                let thumbprint = evidence.peer.thumbprint
                let refusal = await right(&evidence, at: now)
                guard refusal?.reason == .revoked, let since = good.withLock({ $0[thumbprint] }) else {
                    if refusal == nil { good.withLock { $0[thumbprint] = $0[thumbprint] ?? now } }
                    return refusal
                }
                return now.timeIntervalSince(since) < source.rules.maximumAge ? nil : refusal
            }
        },
    ]

    /// - Parameter bend: Given the server's parts and the right check, the one in its place.
    private static func asking(
        _ id: String, _ bend: @escaping @Sendable (ServerParts, Check<PeerEvidence>) -> Check<PeerEvidence>
    ) -> Defect {
        Defect(
            id,
            server: { parts in
                guard let right = parts.peers.checks.first(where: { $0.name == "ocsp" }) else { return }
                parts.peers = parts.peers.replacing("ocsp", with: bend(parts, right))
            })
    }

    /// Where the right source does not know, another one is asked.
    ///
    /// - Parameters:
    ///   - ofWhom: Whether it is, by why the right source does not know. Where nobody answers, asking once more only takes longer.
    ///   - bend: Given the right source, the one that is more generous.
    private static func believing(
        _ id: String, ofWhom: @escaping @Sendable (_ detail: String) -> Bool = { !$0.contains("cannot be reached") },
        _ bend: @escaping @Sendable (OCSPRevocationSource) -> OCSPRevocationSource
    ) -> Defect {
        asking(id) { parts, right in
            guard let source = parts.ocsp as? OCSPRevocationSource else { return right }
            let generous = PeerChecks.notRevoked(bend(source))
            return Check("ocsp") { evidence, now in
                guard let refusal = await right(&evidence, at: now) else { return nil }
                guard refusal.reason == .revocationUnknown, ofWhom(refusal.detail), mayActNow() else { return refusal }
                return await generous(&evidence, at: now)
            }
        }
    }
}
