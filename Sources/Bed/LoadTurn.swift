import Foundation

/// Lets cells that put a server under load take turns, a heavy one at a time for each core, or two calm ones, wherever in this process
/// they are played: more load than a machine can carry times out, and then nothing can be told of anybody's.
package actor LoadTurn {
    static let shared = LoadTurn()

    private static let room = 2 * ProcessInfo.processInfo.activeProcessorCount
    /// Cells of loads are worth beginning while those under way take less than this: they have a turn, and one more is ready when a
    /// turn comes.
    package static let queue = room + 1

    private var free = room
    private var waiting: [(share: Int, turn: CheckedContinuation<Void, Never>)] = []

    /// Waits for a turn; `pass` has to follow.
    ///
    /// - Parameter share: `Scenario.loadShare`.
    func take(_ share: Int) async {
        guard free < share || !waiting.isEmpty else {
            free -= share
            return
        }
        await withCheckedContinuation { waiting.append((share, $0)) }
    }

    func pass(_ share: Int) {
        free += share
        // One after the other, so that a heavy one is not passed over for ever.
        while let next = waiting.first, next.share <= free {
            free -= next.share
            waiting.removeFirst().turn.resume()
        }
    }
}
