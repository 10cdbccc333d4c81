import Auth
import Foundation
import MutualTLS
import Server
import Synchronization
import X509

extension Defect {
    /// Revocation lists that are taken, or not, against the rules. The right rules of a list: whole, scope, end, signature, number,
    /// order, ended, begun.
    static let listDefects: [Defect] = [
        listing("server/believes-unsigned-lists") { lists, parts, right in
            Check("revocation") { [trust = parts.trust] evidence, now in
                guard let refusal = await right(&evidence, at: now) else { return nil }
                let (issuer, serial) = (evidence.peer.issuerBytes, evidence.peer.serial)
                // It looks at everything but the signature.
                let frees =
                    !lists.isLong
                    && lists.current.contains { list in
                        list.issuer == issuer && list.flaws.isEmpty && !trust.current.authorities.vouch(for: list)
                            && !list.contains(serial: serial) && now >= list.thisUpdate && now <= list.nextUpdate
                    }
                return frees ? nil : refusal
            }
        },
        lastCounts("server/tells-lists-apart-by-name") { last, issuers in !issuers.contains(where: last.isSigned) },
        lastCounts("server/takes-the-last-list") { last, issuers in issuers.contains(where: last.isSigned) },
        taking("server/takes-older-lists") { $0.dropping("number").dropping("order") },
        taking("server/takes-endless-lists") { $0.dropping("end") },
        taking("server/takes-changes-for-a-list") { $0.dropping("whole") },
        taking("server/ignores-what-limits-lists") { $0.dropping("scope") },
        freeing("server/takes-any-list-for-all") { lists, peer, _ in
            !lists.isEmpty && lists.allSatisfy { $0.issuer != peer.issuerBytes }
        },
        freeing("server/takes-ended-lists") { lists, peer, now in lists.contains { $0.issuer == peer.issuerBytes && $0.nextUpdate < now } },
        freeing("server/takes-lists-from-the-future") { lists, peer, now in
            lists.contains { $0.issuer == peer.issuerBytes && $0.thisUpdate > now }
        },
        freeing("server/forgets-lists-it-cannot-read") { lists, _, _ in lists.isEmpty },
        listing("server/reads-short-lists-only") { lists, _, right in
            Check("revocation") { evidence, now in
                guard let refusal = await right(&evidence, at: now) else { return nil }
                return refusal.reason == .revoked && lists.isLong ? nil : refusal
            }
        },
        listing("server/drops-good-lists-for-bad-ones") { lists, parts, right in
            let latest = Mutex<(stamp: FileStamp?, source: FileRevocationSource)?>(nil)
            return Check("revocation") { [trust = parts.trust] evidence, now in
                if let refusal = await right(&evidence, at: now) { return refusal }
                guard !lists.isLong else { return nil }
                let stamp = FileStamp(lists.path)
                // It knows nothing but what is there now.
                let source = latest.withLock { latest in
                    let known = latest.flatMap { $0.stamp == stamp ? $0.source : nil }
                    let source = known ?? FileRevocationSource(path: lists.path, trust: trust)
                    latest = (stamp, source)
                    return source
                }
                guard case .unknown(let why) = await source.status(of: evidence.peer, at: now) else { return nil }
                return Refusal(.revocationUnknown, why)
            }
        },
        listing("server/wants-fresh-lists") { lists, _, right in
            Check("revocation") { evidence, now in
                if let refusal = await right(&evidence, at: now) { return refusal }
                let issuer = evidence.peer.issuerBytes
                // A list counts for the first half of its life.
                let isFresh = lists.current.contains {
                    $0.issuer == issuer && now.timeIntervalSince($0.thisUpdate) < $0.nextUpdate.timeIntervalSince($0.thisUpdate) / 2
                }
                let isThere = lists.current.contains { $0.issuer == issuer && $0.flaws.isEmpty && $0.nextUpdate > now }
                return isThere && !isFresh ? Refusal(.revocationUnknown, "the list is an old one") : nil
            }
        },
        listing("server/goes-on-by-ended-lists") { lists, _, right in
            Check("revocation") { evidence, now in
                guard let refusal = await right(&evidence, at: now) else { return nil }
                let (issuer, serial) = (evidence.peer.issuerBytes, evidence.peer.serial)
                guard refusal.reason == .revocationUnknown, let list = lists.current.first(where: { $0.issuer == issuer }) else {
                    return refusal
                }
                return list.contains(serial: serial) ? refusal : nil
            }
        },
        checking("server/gives-up-without-a-list") { right in
            let without = Mutex<Set<[UInt8]>>([])
            return Check("revocation") { evidence, now in
                let (refusal, issuer) = (await right(&evidence, at: now), evidence.peer.issuerBytes)
                if refusal?.reason == .revocationUnknown { without.withLock { _ = $0.insert(issuer) } }
                return refusal ?? (without.withLock { $0.contains(issuer) } ? Refusal(.revocationUnknown, "there is no list") : nil)
            }
        },
        checking("server/does-without-lists") { right in
            Check("revocation") { evidence, now in
                let refusal = await right(&evidence, at: now)
                return refusal?.reason == .revocationUnknown ? nil : refusal
            }
        },
    ]

    /// - Parameter bend: Given the right check, the one in its place, wherever lists come from.
    private static func checking(_ id: String, _ bend: @escaping @Sendable (Check<PeerEvidence>) -> Check<PeerEvidence>) -> Defect {
        Defect(
            id,
            server: { parts in
                guard let right = parts.peers.checks.first(where: { $0.name == "revocation" }) else { return }
                parts.peers = parts.peers.replacing("revocation", with: bend(right))
            })
    }

    /// - Parameter bend: Given the file's lists, the server's parts and the right check, the one in its place.
    private static func listing(
        _ id: String, _ bend: @escaping @Sendable (ListsInFile, ServerParts, Check<PeerEvidence>) -> Check<PeerEvidence>
    ) -> Defect {
        Defect(
            id,
            server: { parts in
                guard let right = parts.peers.checks.first(where: { $0.name == "revocation" }),
                    let source = parts.revocation as? FileRevocationSource
                else { return }
                parts.peers = parts.peers.replacing("revocation", with: bend(ListsInFile(path: source.path), parts, right))
            })
    }

    /// - Parameter bend: Given the right rules, those by which lists take the place of the ones before.
    private static func taking(
        _ id: String,
        _ bend: @escaping @Sendable (PublishedRules<RevocationListEvidence>) -> PublishedRules<RevocationListEvidence>
    ) -> Defect {
        listing(id) { lists, parts, right in
            let generous = FileRevocationSource(path: lists.path, trust: parts.trust, rules: bend(RevocationListRules.all))
            return Check("revocation") { evidence, now in
                let refusal = await right(&evidence, at: now)
                // Asked each time, so that it knows what was there before. What is long is left to the right one: it is read by each
                // defect that is watched, and takes its time.
                guard !lists.isLong, case .good = await generous.status(of: evidence.peer, at: now) else { return refusal }
                return nil
            }
        }
    }

    /// Of several lists that bear the issuer's name, the one that comes last counts, and not the newest of the issuer's own.
    ///
    /// - Parameter counts: Whether this is about a list, by who has issued the certificate in question.
    private static func lastCounts(
        _ id: String, _ counts: @escaping @Sendable (RevocationList, [Certificate]) -> Bool
    ) -> Defect {
        listing(id) { lists, parts, right in
            Check("revocation") { [trust = parts.trust] evidence, now in
                guard let refusal = await right(&evidence, at: now) else { return nil }
                guard refusal.reason == .revoked, !lists.isLong else { return refusal }
                let (issuer, serial) = (evidence.peer.issuerBytes, evidence.peer.serial)
                let named = lists.current.filter { $0.issuer == issuer }
                guard named.count > 1, let last = named.last, !last.contains(serial: serial),
                    counts(last, trust.current.authorities.issuers(of: evidence.peer.certificate))
                else { return refusal }
                return nil
            }
        }
    }

    /// - Parameter believes: Whether what is in the file now counts; then whoever is not in it is free.
    private static func freeing(
        _ id: String, _ believes: @escaping @Sendable ([RevocationList], PeerCertificate, Date) -> Bool
    ) -> Defect {
        listing(id) { lists, _, right in
            Check("revocation") { evidence, now in
                guard let refusal = await right(&evidence, at: now) else { return nil }
                guard refusal.reason == .revoked, !lists.isLong else { return refusal }
                let (current, peer) = (lists.current, evidence.peer)
                guard believes(current, peer, now) else { return refusal }
                return current.contains { $0.issuer == peer.issuerBytes && $0.contains(serial: peer.serial) } ? refusal : nil
            }
        }
    }
}

/// What is in a file of revocation lists now, whatever is wrong with it.
private final class ListsInFile: Sendable {
    let path: String
    private let latest = Mutex<(stamp: FileStamp?, lists: [RevocationList])?>(nil)

    init(path: String) { self.path = path }

    /// Whether it holds more than a few thousand certificates.
    var isLong: Bool {
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        return size ?? 0 > 1 << 20
    }

    /// Empty where the file cannot be read as a file of lists.
    var current: [RevocationList] {
        let stamp = FileStamp(path)
        return latest.withLock { latest in
            if let latest, latest.stamp == stamp { return latest.lists }
            let documents = FileManager.default.contents(atPath: path).flatMap { try? RevocationListStore.documents(in: Array($0)) } ?? []
            let lists = documents.compactMap { try? RevocationList(reading: $0) }
            latest = (stamp, lists)
            return lists
        }
    }
}
