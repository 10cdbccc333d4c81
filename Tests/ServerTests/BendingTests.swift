import Defects
import Server
import Synchronization
import Testing

@Suite("Of what a defect is made, as the watched server tells")
struct BendingTests {
    /// - Returns: What a watch over the right server tells of these defects.
    private static func told(_ names: String...) throws -> [String: [String: Bending]] {
        let told = Mutex<[String: [String: Bending]]>([:])
        var parts = try ScopeTests.parts()
        let watch = Watch(
            names.compactMap(Defect.named), bends: { defect, bendings in told.withLock { $0[defect] = bendings } }, report: { _, _ in })
        watch.bend(&parts)
        return told.withLock { $0 }
    }

    @Test("A check that is gone, one with another in its place, and one over which another is put")
    func checks() throws {
        let told = try Self.told("server/ignores-key-expiry", "server/refuses-what-it-does-not-know", "server/ignores-path-length")
        #expect(told["server/ignores-key-expiry"] == ["keys.not-expired": .drops])
        #expect(told["server/refuses-what-it-does-not-know"] == ["peers.form": .replaces])
        #expect(told["server/ignores-path-length"] == ["peers.chain": .wraps, "chainJudge": .wraps])
    }

    @Test("A function with another in its place, and one that another asks")
    func functions() throws {
        let told = try Self.told("server/sends-no-challenge", "server/tells-strangers-what-went-wrong", "server/trusts-any-chain")
        #expect(told["server/sends-no-challenge"] == ["challenges": .replaces])
        #expect(told["server/tells-strangers-what-went-wrong"] == ["challenges": .wraps])
        #expect(told["server/trusts-any-chain"] == ["peers.chain": .drops, "chainJudge": .replaces])
    }

    @Test("What changes nothing in this server is not told of")
    func nothing() throws { #expect(try Self.told("server/ignores-crl", "issuer/sends-no-challenge").isEmpty) }
}
