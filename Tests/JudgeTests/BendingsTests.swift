import Judge
import Testing

@Suite("Defects that are in one subject at once")
struct BendingsTests {
    static func order(_ pieces: [String: [String: Bending]]) -> [String]? { Bendings(pieces).order(Set(pieces.keys)) }

    @Test(
        "Two that bend the same piece stay if one can be put over the other",
        arguments: [
            (Bending.wraps, Bending.wraps, ["a", "b"] as [String]?), (.replaces, .wraps, ["a", "b"]), (.wraps, .replaces, ["b", "a"]),
            (.drops, .drops, ["a", "b"]), (.replaces, .replaces, nil), (.drops, .wraps, nil), (.wraps, .drops, nil),
            (.drops, .replaces, nil), (.replaces, .drops, nil),
        ])
    func pair(one: Bending, other: Bending, order: [String]?) {
        #expect(Self.order(["a": ["peers.chain": one], "b": ["peers.chain": other]]) == order)
    }

    @Test("What bends other pieces is in nobody's way, and so is what nothing is known of")
    func apart() {
        #expect(Self.order(["a": ["peers.chain": .replaces], "b": ["peers.form": .replaces], "c": [:]]) == ["a", "b", "c"])
        #expect(Bendings().order(["b", "a"]) == ["a", "b"])
        #expect(Self.order([:]) == [])
    }

    @Test("Whoever replaces a piece comes before all who build on it")
    func first() {
        let order = Self.order(["a": ["respond": .wraps], "b": ["respond": .wraps], "c": ["respond": .replaces], "d": ["tls": .wraps]])
        #expect(order == ["d", "c", "a", "b"])
    }

    @Test("Where each would have to come before the other, they are kept apart")
    func circle() {
        #expect(Self.order(["a": ["tls": .wraps, "respond": .replaces], "b": ["tls": .replaces, "respond": .wraps]]) == nil)
        let three = Self.order([
            "a": ["x": .replaces, "z": .wraps], "b": ["y": .replaces, "x": .wraps], "c": ["z": .replaces, "y": .wraps],
        ])
        #expect(three == nil)
    }

    @Test("What is planned is such that everybody is there")
    func plan() {
        let parts = (0..<6).map { "case-\($0)" }
        let reaches = Dictionary(uniqueKeysWithValues: parts.map { ("of-\($0)", Reach(acts: [$0], kills: [$0])) })
        let same = Dictionary(uniqueKeysWithValues: reaches.keys.map { ($0, ["peers.ocsp": Bending.replaces]) })
        #expect(ProofPlan(parts: parts, reaches: reaches).plays.count == 1)
        #expect(ProofPlan(parts: parts, reaches: reaches, bendings: Bendings(same)).plays.count == 6)
        let quiet = reaches.mapValues { _ in Reach(acts: Set(parts), kills: []) }
        #expect(
            ProofPlan(parts: parts, reaches: quiet, bendings: Bendings(same)).plays.map(\.defects.count) == Array(repeating: 1, count: 6))
        let over = same.merging(["of-case-0": ["peers.ocsp": .wraps]]) { $1 }
        let plan = ProofPlan(parts: parts, reaches: reaches, bendings: Bendings(over))
        #expect(plan.plays.count == 5)
        #expect(plan.plays.filter { $0.defects.count == 2 }.map { plan.order(of: $0).last } == ["of-case-0"])
    }
}
