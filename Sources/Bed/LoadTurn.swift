import Foundation

/// Lets cells that put a server under load take turns, as many at a time as there are cores, wherever in this process they are
/// played: more loads than a machine can carry time out, and then nothing can be told of any of them.
actor LoadTurn {
    static let shared = LoadTurn()

    private var free = ProcessInfo.processInfo.activeProcessorCount
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Waits for a turn; `pass` has to follow.
    func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func pass() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
