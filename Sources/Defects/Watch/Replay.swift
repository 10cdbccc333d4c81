import Server
import Synchronization

/// What the right server has just done in one place, told again to a defect that wants to know; and whether the defect then did
/// anything else.
final class Replay: Sendable {
    @TaskLocal static var current: Replay?

    private struct State {
        var acts = false
        var calls = 0
    }

    private let moment: any Sendable
    private let isOther: @Sendable (ServerParts) -> Bool
    private let state = Mutex(State())

    /// - Parameter moment: What was done: one of the moments that the replaying parts know.
    /// - Parameter isOther: Whether an assembly is another one than the defect was given.
    init(_ moment: any Sendable, isOther: @escaping @Sendable (ServerParts) -> Bool = { _ in false }) {
        self.moment = moment
        self.isOther = isOther
    }

    /// The right part is asked with this assembly.
    static func note(_ parts: ServerParts) {
        if let current, current.isOther(parts) { current.act() }
    }

    /// Whether something was done otherwise.
    var hasActed: Bool { state.withLock { $0.acts } }

    /// Whether something was done otherwise, or the right part was not asked exactly once.
    var differs: Bool { state.withLock { $0.acts || $0.calls != 1 } }

    /// Something is done that the right server does not do.
    func act() { state.withLock { $0.acts = true } }

    /// What the right server did, if it is this that is being told again. A defect that asks for anything else does something else.
    static func told<Moment: Sendable>(_ kind: Moment.Type) -> Moment? {
        guard let replay = current else { return nil }
        guard let moment = replay.moment as? Moment else {
            replay.act()
            return nil
        }
        replay.state.withLock { $0.calls += 1 }
        return moment
    }
}

/// Whether a defect may do now what shows elsewhere than in the server's answers: in files, on lines to others, at the end of
/// the process. While the right server is only watched it may not, and has acted.
func mayActNow() -> Bool {
    guard let replay = Replay.current else { return true }
    replay.act()
    return false
}
