import Foundation
import Testing

/// Every finding that is pinned for a subject can be seen without Authbed: a script of those that its README names is about the check.
@Suite struct FindingsByHandTests {
    private let subjects = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../subjects").standardizedFileURL

    private func text(_ path: String) -> String { (try? String(contentsOf: subjects.appending(path: path), encoding: .utf8)) ?? "" }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: subjects.path).filter { !text("\($0)/baseline.yaml").isEmpty }.sorted()
    }

    @Test func `every pinned finding has a line in a script that the README of its subject names`() throws {
        var missing: [String] = []
        var findings = 0
        for name in try names() {
            let scripts = text("\(name)/README.md").matches(of: /\$ python3 subjects\/(by-hand\/[a-z_]+\.py)/).map { text(String($0.1)) }
            for pinned in text("\(name)/baseline.yaml").matches(of: /check: ([a-z0-9.-]+),.*verdict: (\w+)/)
            where pinned.2 != "inconclusive" {
                findings += 1
                let check = Self.spelled(String(pinned.1))
                if !scripts.contains(where: { script in check.contains { script.contains($0) } }) { missing.append("\(name): \(pinned.1)") }
            }
        }
        #expect(missing.isEmpty, "\(missing.joined(separator: ", "))")
        #expect(findings > 250)
    }

    /// As it stands in a script: whole, or the last part of it in a list of a kind's.
    private static func spelled(_ check: String) -> [String] {
        ["\"\(check)\"", "\"\(check),", ", \(check),", ", \(check)\"", "\"" + check.replacing(/^revocation\./, with: "") + "\""]
    }

    @Test func `the scripts that are named are there, and each is named by somebody`() throws {
        let there = Set(
            try FileManager.default.contentsOfDirectory(atPath: subjects.appending(path: "by-hand").path).filter { $0.hasSuffix(".py") })
        let overview = text("README.md")
        #expect(there.filter { !overview.contains("`\($0)`") && $0 != "all.py" }.isEmpty)
        for name in try FileManager.default.contentsOfDirectory(atPath: subjects.path) {
            for named in text("\(name)/README.md").matches(of: /subjects\/by-hand\/([a-z_]+\.py)/) {
                #expect(there.contains(String(named.1)), "\(name) names \(named.1)")
            }
        }
    }
}
