import Foundation
import Glibc

/// A TCP socket of this machine's own.
struct Loopback {
    let descriptor: Int32

    /// A port that nobody listens at, for programs that do not tell which one they got.
    static func freePort() throws -> UInt16 {
        let socket = try Loopback()
        defer { socket.close() }
        return try socket.bind()
    }

    static func answers(at port: UInt16) throws -> Bool {
        let socket = try Loopback()
        defer { socket.close() }
        return socket.connects(to: port)
    }

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw BedError("no socket can be made: \(String(cString: strerror(errno)))") }
    }

    func close() { Glibc.close(descriptor) }

    /// - Returns: The port that the system chose.
    func bind() throws -> UInt16 {
        var (address, length) = (Self.address(0), socklen_t(MemoryLayout<sockaddr_in>.size))
        let done = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard done else { throw BedError("no port can be had: \(String(cString: strerror(errno)))") }
        return UInt16(bigEndian: address.sin_port)
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
