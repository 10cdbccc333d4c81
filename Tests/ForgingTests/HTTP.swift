import Foundation
import Testing

/// Octets over TCP, as they are given.
enum HTTP {
    /// Sends the request and reads to the end of the connection.
    static func bytes(_ url: String, _ request: String) throws -> [UInt8] {
        let socket = try connect(url)
        defer { close(socket) }
        send(request, over: socket)
        var answer: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(socket, &part, part.count, 0), count > 0 { answer += part.prefix(count) }
        return answer
    }

    static func exchange(_ url: String, _ request: String) throws -> String {
        String(decoding: try bytes(url, request), as: UTF8.self)
    }

    static func send(_ request: String, over socket: Int32) {
        let octets = Array(request.utf8)
        _ = Glibc.send(socket, octets, octets.count, Int32(MSG_NOSIGNAL))
    }

    /// - Parameter url: `http://127.0.0.1:PORT`
    static func connect(_ url: String) throws -> Int32 {
        let port = try #require(url.split(separator: ":").last.flatMap { UInt16($0) })
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(socket >= 0)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        return socket
    }
}
