import Auth
import Foundation
import Server

/// Which members of the server's assembly a change has replaced.
struct ServerPartsBits {
    private let bits: PartsBits<ServerParts, Member>
    /// Where the members lie that a defect changes for a single request. The others have gaps besides.
    private let solid: [Range<Int>]

    /// - Parameter parts: Any assembly; its members lie where those of all others do.
    init(like parts: ServerParts) {
        bits = PartsBits(like: parts, Dictionary(uniqueKeysWithValues: Member.allCases.map { ($0, $0.place) }))
        solid = bits.ranges.filter { ![.metadata, .limits, .healthPolicy].contains($0.key) }.map(\.value)
    }

    /// The members at which a defect can be watched.
    enum Member: String, CaseIterable {
        case keys, tokens, proofs, peers, proxies, authenticate, respond, missingScopes, challenges, audit, sessionOwner, metadata, tenant,
            tools, forwarding, healthPolicy, tls, chainJudge, limits, auditHandshake

        fileprivate var place: PartsBits<ServerParts, Member>.Place {
            switch self {
            case .keys: .value(\.keys)
            case .tokens: .value(\.tokens)
            case .proofs: .value(\.proofs)
            case .peers: .value(\.peers)
            case .proxies: .value(\.proxies)
            case .metadata: .value(\.metadata)
            case .tools: .value(\.tools)
            case .healthPolicy: .value(\.healthPolicy)
            case .limits: .value(\.limits)
            case .authenticate: .function { parts in parts.authenticate = { [right = parts.authenticate] in await right($0, $1, $2, $3) } }
            case .respond: .function { parts in parts.respond = { [right = parts.respond] in try await right($0, $1, $2) } }
            case .missingScopes: .function { parts in parts.missingScopes = { [right = parts.missingScopes] in right($0, $1) } }
            case .challenges: .function { parts in parts.challenges = { [right = parts.challenges] in right($0, $1, $2) } }
            case .audit: .function { parts in parts.audit = { [right = parts.audit] in try await right($0, $1) } }
            case .tenant: .function { parts in parts.tenant = { [right = parts.tenant] in right($0, $1) } }
            case .sessionOwner: .function { parts in parts.sessionOwner = { [right = parts.sessionOwner] in right($0) } }
            case .forwarding: .function { parts in parts.forwarding = { [right = parts.forwarding] in await right($0, $1, $2) } }
            case .tls: .function { $0.tls = { throw StartFailure("never read") } }
            case .chainJudge: .function { $0.chainJudge = { _ in false } }
            case .auditHandshake: .function { parts in parts.auditHandshake = { [right = parts.auditHandshake] in await right($0) } }
            }
        }
    }

    /// Whether the change makes anything of the assembly that can be told from what it was: of most defects there is nothing more to ask
    /// about a server of another scheme.
    func isChanged(_ parts: ServerParts, by bend: (inout ServerParts) -> Void) -> Bool { bits.isChanged(parts, by: bend) }

    /// - Returns: What came of the change, the members it has replaced, and whether it has replaced any other.
    func change(
        _ parts: ServerParts, by bend: (inout ServerParts) -> Void
    ) -> (parts: ServerParts, members: Set<Member>, others: Bool) {
        bits.change(parts, by: bend)
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
}
