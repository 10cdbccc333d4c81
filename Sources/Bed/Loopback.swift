import Foundation
import Glibc
import Synchronization

/// A TCP socket of this machine's own.
package struct Loopback {
    package let descriptor: Int32

    /// A port that nobody listens at, for programs that do not tell which one they got. It is below those that systems hand out by
    /// themselves (RFC 6335 section 6, and 32768 onwards on Linux), or another program could be given it in the meantime. Until all have
    /// been given out, none is given out twice: some programs share a port with whoever has it already, and callers get the one or the other.
    package static func freePort() throws -> UInt16 {
        for _ in 0..<100 {
            let socket = try Loopback()
            defer { socket.close() }
            let candidate = nextPort.withLock { port in
                defer { port = port == ports.upperBound ? ports.lowerBound : port + 1 }
                return port
            }
            if let port = socket.bind(to: candidate) { return port }
        }
        throw BedError("no free port was found between \(ports.lowerBound) and \(ports.upperBound)")
    }

    private static let ports: ClosedRange<UInt16> = 20000...32767
    /// Begins anywhere, since others may do the same.
    private static let nextPort = Mutex(UInt16.random(in: ports))

    /// Keeps others from a port at which nobody listens: no program is given it for a connection of its own, and who connects to it is
    /// refused, as if nobody had it.
    ///
    /// - Returns: Nil where somebody has it already.
    package static func holding(_ port: UInt16) throws -> Loopback? {
        let socket = try Loopback()
        // Connections that ended a moment ago are no reason not to.
        var yes: Int32 = 1
        setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        if socket.bind(to: port) != nil { return socket }
        socket.close()
        return nil
    }

    package static func answers(at port: UInt16) throws -> Bool {
        let socket = try Loopback()
        defer { socket.close() }
        return socket.connects(to: port)
    }

    package init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BedError("no socket can be made: \(String(cString: strerror(errno)))") }
    }

    package func close() { Glibc.close(descriptor) }

    /// - Returns: The port; nil where somebody has it.
    package func bind(to port: UInt16) -> UInt16? {
        var address = Self.address(port)
        let done = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        return done ? port : nil
    }

    func connects(to port: UInt16) -> Bool {
        var address = Self.address(port)
        return withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
