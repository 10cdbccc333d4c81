import Foundation
import Synchronization

/// Reads why a subject refused a call from the audit trail it writes, by the request identifier that its answer carried.
final class AuditReader: Sendable {
    private struct Record: Decodable {
        var requestID: String?
        var event: String?
        var peer: String?
        var reason: String?

        enum CodingKeys: String, CodingKey {
            case requestID = "request_id"
            case event, peer, reason
        }
    }

    private struct State {
        var offset: UInt64 = 0
        var rest = Data()
        var byRequest: [String: String] = [:]
        /// The reason is nil where the subject gives none.
        var byPeer: [String: String?] = [:]
    }

    private let path: String
    private let state = Mutex(State())

    init(path: String) { self.path = path }

    func reason(request: String) -> String? {
        state.withLock { state in
            if state.byRequest[request] == nil { readOn(&state) }
            return state.byRequest[request]
        }
    }

    /// Why a handshake failed, by the address the peer came from.
    /// - Returns: Nil when it is not written down yet; otherwise the reason, if there is one.
    private func reason(peer: String) -> String?? {
        state.withLock { state in
            readOn(&state)
            return state.byPeer[peer]
        }
    }

    /// The same for a refusal that has only just been felt: a server writes down a failed handshake while the client
    /// already reads the alert, so it is given a moment.
    ///
    /// - Parameter looks: How often to look, 4 ms apart.
    func awaitReason(peer: String, looks: Int) async -> String? {
        for _ in 0..<looks {
            if let reason = reason(peer: peer) { return reason }
            guard (try? await Task.sleep(for: .milliseconds(4))) != nil else { break }
        }
        return nil
    }

    private func readOn(_ state: inout State) {
        guard let file = FileHandle(forReadingAtPath: path) else { return }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: state.offset)) != nil, let data = try? file.readToEnd() else { return }
        state.offset += UInt64(data.count)
        state.rest.append(data)
        while let end = state.rest.firstIndex(of: 0x0A) {
            let line = state.rest[state.rest.startIndex..<end]
            state.rest = Data(state.rest[state.rest.index(after: end)...])
            guard let record = try? JSONDecoder().decode(Record.self, from: line) else { continue }
            if let request = record.requestID, let reason = record.reason { state.byRequest[request] = reason }
            if record.event == "handshake", let peer = record.peer { state.byPeer[peer] = .some(record.reason) }
        }
    }
}
