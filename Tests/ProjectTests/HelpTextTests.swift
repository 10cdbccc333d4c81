import Foundation
import Testing

/// A terminal has eighty columns, and help is wrapped to what it has: a paragraph that is broken in the source would be broken twice.
@Suite struct HelpTextTests {
    /// The texts behind `discussion:`, without what they are indented by, by file.
    private static func discussions() throws -> [(file: String, lines: [Substring])] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let literal = /discussion:\s*"""\n(?<body>(?s:.*?))\n(?<margin> *)"""/
        var found: [(String, [Substring])] = []
        for folder in ["AuthbedCommand", "ClientCommand", "DefectiveCommand", "IssuerCommand", "ServerCommand"] {
            let place = root.appending(path: "Sources/\(folder)")
            for name in try FileManager.default.contentsOfDirectory(atPath: place.path) where name.hasSuffix(".swift") {
                let text = try String(contentsOf: place.appending(path: name), encoding: .utf8)
                for match in text.matches(of: literal) {
                    let lines = match.body.split(separator: "\n", omittingEmptySubsequences: false)
                    found.append(("\(folder)/\(name)", lines.map { $0.dropFirst(match.margin.count) }))
                }
            }
        }
        return found
    }

    @Test func `paragraphs of help are one line each, so that every terminal breaks them where it ends`() throws {
        let discussions = try Self.discussions()
        #expect(discussions.count > 30)
        for (file, lines) in discussions {
            for (line, next) in zip(lines, lines.dropFirst()) where Self.isProse(line) && Self.isProse(next) {
                #expect(line.hasSuffix("\\"), "\(file): '\(line)' goes on in the next line")
            }
        }
    }

    /// Neither blank, nor indented, nor a heading.
    private static func isProse(_ line: Substring) -> Bool {
        guard let first = line.first, first != " " else { return false }
        return !line.hasSuffix(":") && line != line.uppercased()
    }
}
