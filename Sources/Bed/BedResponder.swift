import Forging
import Foundation
import Synchronization

/// The bed as OCSP responder (RFC 6960) of one cell: it answers what the cell's authority knows, or what a case wants said of one
/// certificate. It is its distribution point of revocation lists, too.
final class BedResponder: Sendable {
    /// Milliseconds that the answer `slow` takes: longer than the server is told to wait.
    static let delay = 3500
    /// Seconds that a question may be under way: longer than any server waits.
    private static let patience = 10.0

    /// `http://127.0.0.1:PORT`
    let url: String
    private let responder: OCSPResponder
    private let lists: String
    private let schedule = OCSPSchedule(OCSPScript())
    private let clock: SubjectClock
    private let server: Mutex<OCSPServer>
    private let script = Mutex<[OCSPScript.Rule]>([])
    private let problems = Problems()

    private final class Problems: Sendable {
        private let found = Mutex<[String]>([])
        var all: [String] { found.withLock { $0 } }
        func add(_ problem: String) { found.withLock { $0.append(problem) } }
    }

    /// - Parameter lists: The file of revocation lists.
    /// - Throws: `ForgingError` when no port can be had.
    init(pki: PKI, clock: SubjectClock, lists: String) throws {
        responder = OCSPResponder(pki: pki)
        self.clock = clock
        self.lists = lists
        let first = try OCSPServer(
            responder: responder, schedule: schedule, lists: lists, report: problems.add,
            times: Self.times(of: clock))
        url = first.url
        server = Mutex(first)
        Self.run(first)
    }

    /// Where its lists are to be had.
    var listURL: String { url + OCSPServer.listPath }

    /// How many questions it was asked.
    var questions: Int { schedule.requests }

    /// From now on it says something else of a certificate.
    /// - Parameter word: One of `Bend.responses`.
    func answer(_ word: String, of serial: String) throws {
        guard let answer = OCSPScript.Answer(rawValue: word) else { throw BedError("there is no answer called \(word)") }
        let rule = OCSPScript.Rule(answer, milliseconds: answer == .slow ? Self.delay : nil, serial: serial)
        schedule.replace(
            OCSPScript(
                script.withLock { rules in
                    rules.append(rule)
                    return rules
                }))
    }

    /// From now on connections are refused.
    func stop() { server.withLock { $0.stop() } }

    /// Listens again, where it listened.
    func restart() throws {
        guard let port = URL(string: url)?.port.flatMap(UInt16.init(exactly:)) else { throw BedError("the responder has no port") }
        let next = try OCSPServer(
            responder: responder, schedule: schedule, port: port, lists: lists, report: problems.add, times: Self.times(of: clock))
        server.withLock { $0 = next }
        Self.run(next)
    }

    /// - Throws: `BedError` when it could not answer as it should.
    func check() throws {
        if let first = problems.all.first { throw BedError("the bed's responder: \(first)") }
    }

    /// A question that was asked before the clock was moved is answered after it, and its asker goes by either time.
    private static func times(of clock: SubjectClock) -> @Sendable () -> ClosedRange<Double> {
        { clock.times(inTheLast: patience) }
    }

    /// Each exchange has a thread of its own, so that one that is slow keeps no other waiting.
    private static func run(_ server: OCSPServer) { Thread.detachNewThread { server.run() } }
}
