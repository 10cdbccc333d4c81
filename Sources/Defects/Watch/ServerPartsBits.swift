import Auth
import Foundation
import Server

/// Which members of an assembly a change has replaced, as can be told from memory: what nobody has replaced looks as it did.
struct ServerPartsBits {
    private let ranges: [Member: Range<Int>]
    /// Where the members lie that a defect changes for a single request. The others have gaps besides.
    private let solid: [Range<Int>]

    /// - Parameter parts: Any assembly; its members lie where those of all others do.
    init(like parts: ServerParts) {
        let found = Member.allCases.compactMap { member in member.range(parts).map { (member, $0) } }
        ranges = Dictionary(uniqueKeysWithValues: found)
        solid = found.filter { ![.metadata, .limits, .healthPolicy].contains($0.0) }.map(\.1)
    }

    /// The members at which a defect can be watched.
    enum Member: CaseIterable {
        case keys, tokens, proofs, peers, proxies, authenticate, respond, missingScopes, challenges, audit, sessionOwner, metadata, tenant,
            tools, forwarding, healthPolicy, tls, chainJudge, limits, auditHandshake

        /// Puts another function in the member's place, and touches no other.
        fileprivate func replace(in parts: inout ServerParts) {
            switch self {
            case .authenticate: parts.authenticate = { [right = parts.authenticate] in await right($0, $1, $2, $3) }
            case .respond: parts.respond = { [right = parts.respond] in try await right($0, $1, $2) }
            case .missingScopes: parts.missingScopes = { [right = parts.missingScopes] in right($0, $1) }
            case .challenges: parts.challenges = { [right = parts.challenges] in right($0, $1, $2) }
            case .audit: parts.audit = { [right = parts.audit] in try await right($0, $1) }
            case .tenant: parts.tenant = { [right = parts.tenant] in right($0, $1) }
            case .sessionOwner: parts.sessionOwner = { [right = parts.sessionOwner] in right($0) }
            case .forwarding: parts.forwarding = { [right = parts.forwarding] in await right($0, $1, $2) }
            case .tls: parts.tls = { throw StartFailure("never read") }
            case .chainJudge: parts.chainJudge = { _ in false }
            case .auditHandshake: parts.auditHandshake = { [right = parts.auditHandshake] in await right($0) }
            default: break
            }
        }

        /// Where it lies. Key paths do not say that of functions, so it is tried out where they do not.
        fileprivate func range(_ parts: ServerParts) -> Range<Int>? {
            switch self {
            case .keys: Self.range(\.keys)
            case .tokens: Self.range(\.tokens)
            case .proofs: Self.range(\.proofs)
            case .peers: Self.range(\.peers)
            case .proxies: Self.range(\.proxies)
            case .metadata: Self.range(\.metadata)
            case .tools: Self.range(\.tools)
            case .healthPolicy: Self.range(\.healthPolicy)
            case .limits: Self.range(\.limits)
            default:
                ServerPartsBits.differences(parts, replace).octets.min().map { first in
                    // A function and what it has captured, a word each.
                    let start = first / 8 * 8
                    return start..<start + 16
                }
            }
        }

        private static func range<Value>(_ path: KeyPath<ServerParts, Value>) -> Range<Int>? {
            MemoryLayout<ServerParts>.offset(of: path).map { $0..<$0 + MemoryLayout<Value>.size }
        }
    }

    /// - Returns: What came of the change, the members it has replaced, and whether it has replaced any other.
    func change(
        _ parts: ServerParts, by bend: (inout ServerParts) -> Void
    ) -> (parts: ServerParts, members: Set<Member>, others: Bool) {
        var (different, bent) = Self.differences(parts, bend)
        var members: Set<Member> = []
        for (member, range) in ranges {
            if range.contains(where: different.contains) { members.insert(member) }
            different.subtract(range)
        }
        return (bent, members, !different.isEmpty)
    }

    /// Whether a member that can be watched is another one in the second assembly, or the layers that a call must pass.
    func differ(_ one: ServerParts, _ other: ServerParts) -> Bool {
        one.policy?.required != other.policy?.required
            || withUnsafeBytes(of: one) { one in
                withUnsafeBytes(of: other) { other in
                    guard let one = one.baseAddress, let other = other.baseAddress else { return false }
                    return solid.contains { memcmp(one + $0.lowerBound, other + $0.lowerBound, $0.count) != 0 }
                }
            }
    }

    /// The octets that a change has changed.
    private static func differences(_ parts: ServerParts, _ bend: (inout ServerParts) -> Void) -> (octets: Set<Int>, bent: ServerParts) {
        // In one place all the time: the gaps between members are not copied when a value is.
        let place = UnsafeMutablePointer<ServerParts>.allocate(capacity: 1)
        place.initialize(to: parts)
        defer {
            place.deinitialize(count: 1)
            place.deallocate()
        }
        let bytes = UnsafeRawBufferPointer(start: place, count: MemoryLayout<ServerParts>.size)
        let before = Array(bytes)
        bend(&place.pointee)
        return (Set(bytes.indices.filter { bytes[$0] != before[$0] }), place.pointee)
    }
}
