import Server

/// Which members of an assembly a change has replaced, as can be told from memory: what nobody has replaced looks as it did.
enum ServerPartsBits {
    /// The members at which a defect can be watched.
    enum Member: CaseIterable {
        case keys, tokens, proofs, peers, proxies, authenticate, respond, missingScopes, challenges, audit, sessionOwner, metadata

        fileprivate var path: PartialKeyPath<ServerParts> {
            switch self {
            case .keys: \.keys
            case .tokens: \.tokens
            case .proofs: \.proofs
            case .peers: \.peers
            case .proxies: \.proxies
            case .authenticate: \.authenticate
            case .respond: \.respond
            case .missingScopes: \.missingScopes
            case .challenges: \.challenges
            case .audit: \.audit
            case .sessionOwner: \.sessionOwner
            case .metadata: \.metadata
            }
        }
    }

    /// - Returns: What came of the change, the members it has replaced, and whether it has replaced any other.
    static func change(
        _ parts: ServerParts, by bend: (inout ServerParts) -> Void
    ) -> (parts: ServerParts, members: Set<Member>, others: Bool) {
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
        var different = Set(bytes.indices.filter { bytes[$0] != before[$0] })
        var members: Set<Member> = []
        for member in Member.allCases {
            guard let offset = MemoryLayout<ServerParts>.offset(of: member.path) else { continue }
            let range = Set(offset..<offset + size(of: type(of: member.path).valueType))
            if !different.isDisjoint(with: range) { members.insert(member) }
            different.subtract(range)
        }
        return (place.pointee, members, !different.isEmpty)
    }

    private static func size(of type: any Any.Type) -> Int {
        func size<Value>(of type: Value.Type) -> Int { MemoryLayout<Value>.size }
        return _openExistential(type, do: size)
    }
}
