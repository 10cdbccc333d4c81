import Bed
import Testing

@Suite struct LoopbackTests {
    @Test func `a port that is held is nobody else's, and refuses who connects, until it is let go`() throws {
        let port = try Loopback.freePort()
        let holder = try #require(try Loopback.holding(port))
        let other = try Loopback()
        defer { other.close() }
        #expect(other.bind(to: port) == nil)
        #expect(try Loopback.answers(at: port) == false)
        holder.close()
        #expect(other.bind(to: port) == port)
        #expect(try Loopback.holding(port) == nil)
    }

    @Test func `no port is given out twice, though nobody listens there yet`() throws {
        let ports = try (0..<200).map { _ in try Loopback.freePort() }
        #expect(Set(ports).count == ports.count)
        #expect(ports.allSatisfy { (20000..<32768).contains($0) })
    }
}
