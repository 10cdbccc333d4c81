import Bed
import Foundation
import Scenarios

/// In which cells each defect of the server would have done something else, as the right server told while it was watched.
struct ActingDefects: Sendable {
    private var cells: [String: Set<String>] = [:]

    /// - Parameters:
    ///   - played: The cells that were played with the watched server.
    ///   - folders: The folders of those runs.
    init(_ played: [Cell], folders: [String]) {
        for folder in folders {
            for cell in played {
                let log = (try? String(contentsOfFile: RunCoordinator.place(of: cell, in: folder) + "/server.log", encoding: .utf8)) ?? ""
                for line in log.split(separator: "\n") where line.hasPrefix(Self.mark) {
                    // What follows the identifier says in which request.
                    cells[String(line.dropFirst(Self.mark.count).prefix { $0 != " " }), default: []].insert(cell.id)
                }
            }
        }
    }

    func acts(_ defect: Defect, in cell: Cell) -> Bool { cells[defect.id]?.contains(cell.id) ?? false }

    private static let mark = "acts: "
}
