import Hummingbird
import Synchronization

/// A request that the right server is answering, and the defects that act in it.
final class WatchedRequest: Sendable {
    @TaskLocal static var current: WatchedRequest?

    private struct State {
        var acting: Set<String> = []
        /// Those that nobody has been told of; nil once everything that was found out is told at once.
        var untold: [String]? = []
    }

    private let id: String
    private let report: Watch.Report
    private let state = Mutex(State())

    init(_ id: String, _ report: @escaping Watch.Report) {
        self.id = id
        self.report = report
    }

    /// Whether the defect has acted in this request.
    func acting(_ defect: String) -> Bool { state.withLock { $0.acting.contains(defect) } }

    func note(_ defect: String) {
        let isLate = state.withLock { state in
            guard state.acting.insert(defect).inserted else { return false }
            state.untold?.append(defect)
            return state.untold == nil
        }
        if isLate { report([defect], id) }
    }

    /// Reports what has been noted, in one piece, and from now on each defect by itself.
    func tell() {
        let untold = state.withLock { state in
            defer { state.untold = nil }
            return state.untold ?? []
        }
        if !untold.isEmpty { report(untold, id) }
    }

    /// The answer, what is done while its body is being written belonging to the request as well.
    func following(_ response: Response) -> Response {
        guard response.body.contentLength == nil else { return response }
        var response = response
        let body = response.body
        response.body = ResponseBody { writer in
            try await Self.$current.withValue(self) { try await body.write(writer) }
        }
        return response
    }
}
