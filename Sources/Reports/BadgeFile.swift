import Foundation
package import Judge

/// `badge.json`, as shields.io reads it: how many of the applicable checks hold.
package enum BadgeFile {
    private struct Badge: Encodable {
        var schemaVersion = 1
        var label = "authbed"
        var message: String
        var color: String
    }

    package static func text(_ results: Results) throws -> String {
        let checks = results.cells.flatMap(\.checks)
        let applicable = checks.count { $0.verdict != .notApplicable }
        let held = checks.count { [.pass, .recorded].contains($0.verdict) }
        let isRed = checks.contains { $0.verdict == .fail }
        // Doubt is no green either.
        let colour = isRed ? "red" : results.hasFindings || held < applicable ? "yellow" : "brightgreen"
        let words = results.incomplete == nil ? "\(held) of \(applicable) checks" : "not whole"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(Badge(message: words, color: colour)), as: UTF8.self) + "\n"
    }
}
