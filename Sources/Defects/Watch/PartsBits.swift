/// Which members of an assembly a change has replaced, as can be told from memory: what nobody has replaced looks as it did.
struct PartsBits<Parts, Member: Hashable & Sendable>: Sendable {
    /// How a member is found.
    enum Place {
        case octets(Range<Int>)
        /// So many octets from the first that another value changes. Key paths do not say where functions lie, nor members that
        /// somebody observes.
        case tried(Int, (inout Parts) -> Void)

        static func value<Value>(_ path: KeyPath<Parts, Value>) -> Place {
            guard let offset = MemoryLayout<Parts>.offset(of: path) else { preconditionFailure("\(path) must be tried out") }
            return .octets(offset..<offset + MemoryLayout<Value>.size)
        }

        /// A function and what it has captured, a word each.
        static func function(_ replace: @escaping (inout Parts) -> Void) -> Place { .tried(16, replace) }
    }

    /// Where each member lies, in octets from the beginning.
    let ranges: [Member: Range<Int>]

    /// - Parameter parts: Any assembly; its members lie where those of all others do.
    init(like parts: Parts, _ places: [Member: Place]) {
        ranges = places.compactMapValues { place in
            switch place {
            case .octets(let range): return range
            case .tried(let size, let replace):
                return Self.differences(parts, replace).octets.min().map { first in
                    let start = first / 8 * 8
                    return start..<start + size
                }
            }
        }
    }

    func isChanged(_ parts: Parts, by bend: (inout Parts) -> Void) -> Bool { !Self.differences(parts, bend).octets.isEmpty }

    /// - Returns: What came of the change, the members it has replaced, and whether it has replaced any other.
    func change(_ parts: Parts, by bend: (inout Parts) -> Void) -> (parts: Parts, members: Set<Member>, others: Bool) {
        var (different, bent) = Self.differences(parts, bend)
        var members: Set<Member> = []
        for (member, range) in ranges {
            if range.contains(where: different.contains) { members.insert(member) }
            different.subtract(range)
        }
        return (bent, members, !different.isEmpty)
    }

    /// The octets that a change has changed.
    private static func differences(_ parts: Parts, _ bend: (inout Parts) -> Void) -> (octets: Set<Int>, bent: Parts) {
        // In one place all the time: the gaps between members are not copied when a value is.
        let place = UnsafeMutablePointer<Parts>.allocate(capacity: 1)
        place.initialize(to: parts)
        defer {
            place.deinitialize(count: 1)
            place.deallocate()
        }
        let bytes = UnsafeRawBufferPointer(start: place, count: MemoryLayout<Parts>.size)
        let before = Array(bytes)
        bend(&place.pointee)
        return (Set(bytes.indices.filter { bytes[$0] != before[$0] }), place.pointee)
    }
}
