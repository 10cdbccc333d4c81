import Foundation
import Synchronization

/// A port on 127.0.0.1 behind which the bed plays somebody, right or hostile: how it behaves may change from one connection to the
/// next, and every connection is written down.
package final class PeerPort: Sendable {
    package let port: Int

    private struct State {
        var manner: PeerManner
        var answer: @Sendable (PeerRequest, PeerVisit) -> PeerReply
        var visits: [PeerVisit] = []
        var open: Set<Int32> = []
        var waiting: [CheckedContinuation<Void, Never>] = []
        var isStopped = false
    }

    private let state: Mutex<State>
    private let listener: Int32
    private let patience: Double

    /// - Parameters:
    ///   - patience: Seconds that one read or write of a connection may take.
    ///   - answer: Called on the connection's thread; must not wait long.
    /// - Throws: `PeerFailure` when there is no port to be had.
    package init(
        _ manner: PeerManner, patience: Double = 10, answer: @escaping @Sendable (PeerRequest, PeerVisit) -> PeerReply
    ) throws {
        self.patience = patience
        state = Mutex(State(manner: manner, answer: answer))
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw PeerFailure("a socket cannot be opened") }
        do {
            port = try Self.listen(listener)
        } catch {
            close(listener)
            throw error
        }
        let accepting = Thread { [self] in accept() }
        accepting.stackSize = 256 * 1024
        accepting.start()
    }

    /// How connections from now on are treated.
    package func become(_ manner: PeerManner, answer: @escaping @Sendable (PeerRequest, PeerVisit) -> PeerReply) {
        state.withLock { ($0.manner, $0.answer) = (manner, answer) }
    }

    /// The connections that have ended since the last time, in the order of their ends.
    package func takeVisits() -> [PeerVisit] {
        state.withLock { state in
            defer { state.visits = [] }
            return state.visits
        }
    }

    /// Returns when nobody is connected any more, or is about to be: what a caller did who has finished is then written down.
    package func settle() async {
        while true {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    if state.open.isEmpty { continuation.resume() } else { state.waiting.append(continuation) }
                }
            }
            var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 0) > 0, waiting.revents & Int16(POLLIN) != 0, !state.withLock({ $0.isStopped }) else { return }
            await Task.yield()
        }
    }

    /// Cuts the connections that are still open: those of a caller who has been given up.
    package func cutAll() { state.withLock { for socket in $0.open { shutdown(socket, Int32(SHUT_RDWR)) } } }

    /// Listens no longer.
    package func stop() {
        state.withLock { $0.isStopped = true }
        shutdown(listener, Int32(SHUT_RDWR))
        cutAll()
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else {
                // Passing, such as a caller that has gone; anything else is the end of listening.
                if [EINTR, ECONNABORTED, EMFILE, ENFILE, ENOBUFS, ENOMEM, EPROTO].contains(errno) { continue }
                close(listener)
                return
            }
            _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
            let (manner, answer) = state.withLock { state in
                state.open.insert(connection)
                return (state.manner, state.answer)
            }
            let serving = Thread { [self] in
                let visit = PeerConnection(socket: connection, manner: manner, patience: patience, answer: answer).serve()
                state.withLock { state in
                    // Closed under the lock: the number may belong to the next connection at once.
                    close(connection)
                    state.open.remove(connection)
                    state.visits.append(visit)
                    guard state.open.isEmpty else { return }
                    for waiting in state.waiting { waiting.resume() }
                    state.waiting = []
                }
            }
            serving.stackSize = 512 * 1024
            serving.start()
        }
    }

    private static func listen(_ listener: Int32) throws -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard bind(listener, address, size) == 0, Glibc.listen(listener, 128) == 0 else { return Int32(-1) }
                return getsockname(listener, address, &size)
            }
        }
        guard result == 0 else { throw PeerFailure("no port is free") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
