import MCP
import Server
import Synchronization
import Testing

struct SessionsTests {
    @Test("A session is its owner's alone")
    func owner() {
        let sessions = Sessions()
        let id = sessions.open(owner: "key alice", version: .v2025_11_25)
        #expect(sessions.use(id, owner: "key alice") == .v2025_11_25)
        #expect(sessions.use(id, owner: "key bob") == nil)
        #expect(!sessions.close(id, owner: "key bob"))
        #expect(sessions.use(id, owner: "key alice") != nil)
        #expect(sessions.close(id, owner: "key alice"))
        #expect(sessions.use(id, owner: "key alice") == nil)
    }

    @Test("Identifiers are visible ASCII and never the same")
    func identifiers() {
        let sessions = Sessions()
        let ids = (0..<2000).map { _ in sessions.open(owner: "a", version: .v2025_11_25) }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.utf8.count == 64 && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
    }

    @Test("The session not used for longest makes room, and one not used for long ends")
    func limits() {
        let start = ContinuousClock.now
        let elapsed = Mutex(Duration.zero)
        let sessions = Sessions(capacity: 2, lifetime: .seconds(10)) { start + elapsed.withLock { $0 } }
        let first = sessions.open(owner: "a", version: .v2025_11_25)
        elapsed.withLock { $0 = .seconds(1) }
        let second = sessions.open(owner: "a", version: .v2025_11_25)
        elapsed.withLock { $0 = .seconds(2) }
        let third = sessions.open(owner: "a", version: .v2025_11_25)
        #expect(sessions.use(first, owner: "a") == nil)
        #expect(sessions.use(second, owner: "a") != nil)
        elapsed.withLock { $0 = .seconds(12) }
        #expect(sessions.use(third, owner: "a") == nil)
    }

    @Test("Who opens many sessions ends his own, and nobody else's")
    func share() {
        let sessions = Sessions(capacity: 5, share: 2)
        let quiet = sessions.open(owner: "a", version: .v2025_11_25)
        let many = (0..<20).map { _ in sessions.open(owner: "b", version: .v2025_11_25) }
        #expect(sessions.use(quiet, owner: "a") != nil)
        #expect(many.filter { sessions.use($0, owner: "b") != nil } == many.suffix(2))
        #expect(sessions.close(many[19], owner: "b"))
        _ = sessions.open(owner: "b", version: .v2025_11_25)
        #expect(sessions.use(many[18], owner: "b") != nil)
    }
}
