import Foundation

/// Lets cells that put a server under load take turns, as many at a time as there are cores, wherever in this process they are
/// played: more loads than a machine can carry time out, and then nothing can be told of any of them.
package actor LoadTurn {
    static let shared = LoadTurn()

    private static let places = ProcessInfo.processInfo.activeProcessorCount
    /// So many cells of loads are worth beginning: those that have a turn, and one that is ready when a turn comes.
    package static let queue = places + 1

    private var free = places
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
