import CShims
import Glibc

/// A TCP connection to this machine, and nothing on top of it. Closed when it is released. Not Sendable: used by one thread at a time.
package final class PlainLine {
    enum Read {
        case bytes([UInt8])
        case ended(isReset: Bool)
        case nothingYet
    }

    let file: Int32
    package let localPort: Int

    /// Nil when nobody listens there.
    package init?(port: Int) {
        guard let port = UInt16(exactly: port) else { return nil }
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard file >= 0 else { return nil }
        var place = sockaddr_in()
        (place.sin_family, place.sin_port, place.sin_addr.s_addr) = (sa_family_t(AF_INET), port.bigEndian, UInt32(0x7F00_0001).bigEndian)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connected = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connect(file, address, size) == 0 && getsockname(file, address, &size) == 0
            }
        }
        guard connected else {
            close(file)
            return nil
        }
        self.file = file
        localPort = Int(UInt16(bigEndian: place.sin_port))
    }

    deinit { close(file) }

    /// Bounds each read and write, in seconds.
    func limitWaits(to seconds: Double) {
        var wait = timeval(tv_sec: Int(seconds), tv_usec: Int((seconds - seconds.rounded(.down)) * 1e6))
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(file, SOL_SOCKET, option, &wait, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// As much as the peer takes at once; what it does not take is of no interest.
    package func send(_ bytes: ArraySlice<UInt8>) {
        guard !bytes.isEmpty else { return }
        _ = bytes.withUnsafeBytes { Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// - Parameter deadline: In nanoseconds of the monotonic clock.
    func read(until deadline: Int64) -> Read {
        let rest = max(0, deadline - MonotonicClock.nanoseconds())
        var waiting = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Int32(clamping: (rest + 999_999) / 1_000_000)) > 0 else { return .nothingYet }
        var buffer = [UInt8](repeating: 0, count: 16384)
        let count = recv(file, &buffer, buffer.count, 0)
        return count > 0 ? .bytes(Array(buffer[..<count])) : .ended(isReset: count < 0)
    }
}
