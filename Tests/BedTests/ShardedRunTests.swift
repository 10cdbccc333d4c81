import ChildProcesses
import Foundation
import Testing

/// The real program, as a matrix of machines uses it.
@Suite("A run in shards")
struct ShardedRunTests {
    private struct Comparison: Decodable {
        struct Change: Decodable { var name: String }
        var changes: [Change]
        var same: Int
    }

    /// - Returns: Its exit status and what it printed.
    private func authbed(_ arguments: [String]) throws -> (status: Int32, output: String, error: String) {
        try ChildProcess.run(KilledRunTests.root.appendingPathComponent(".build/release/authbed").path, arguments)
    }

    @Test("is the whole run once it is merged, and nothing while a part is missing", .timeLimit(.minutes(2)))
    func merged() throws {
        let folder = NSTemporaryDirectory() + "authbed-shards-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let project = ["--project", KilledRunTests.root.path]
        // One that counts, and measures no time.
        let cells = ["replay/captured", "--scheme", "api-key", "--scheme", "oauth-jwt", "--scheme", "mtls"]
        func play(_ more: [String]) throws -> String {
            let played = try authbed(["run", "--quiet", "--results", folder] + project + cells + more)
            #expect(played.status == 0, "\(more): \(played.error)")
            return URL(fileURLWithPath: folder + "/latest").resolvingSymlinksInPath().path
        }
        let whole = try play([]), first = try play(["--shard", "1/2"]), second = try play(["--shard", "2/2"])
        let merged = folder + "/merged"
        let short = try authbed(["merge", first, "--output", merged] + project)
        #expect(short.status == 2 && short.error.contains("missing: shard 2/2"), "\(short.error)")
        #expect(try authbed(["merge", second, first, "--output", merged] + project).status == 0)
        let compared = try authbed(["compare", whole, merged, "--json"])
        let comparison = try JSONDecoder().decode(Comparison.self, from: Data(compared.output.utf8))
        #expect(compared.status == 0 && comparison.changes.isEmpty && comparison.same > 0)
        // A shard alone is less than the whole.
        let part = try JSONDecoder().decode(Comparison.self, from: Data(try authbed(["compare", merged, second, "--json"]).output.utf8))
        #expect(part.same < comparison.same)
    }
}
