import Judge
import Scenarios
import Testing
import Trace

@Suite("Shards and their merge")
struct TraceMergerTests {
    static let schemes: [Scheme] = [.keys, .certificates, .tokens]

    func shards() throws -> [(name: String, trace: RecordedRun)] {
        try Self.schemes.enumerated().map { index, scheme in
            ("part-\(index + 1)", try ReportInputs.trace([try revocationTrace(scheme)], shard: "\(index + 1)/3"))
        }
    }

    @Test("Shards in any order give the results of the whole run")
    func equal() throws {
        let whole = try ReportInputs.trace(try Self.schemes.map { try revocationTrace($0) })
        let table = ReportInputs.table
        let expected = try Judge.judge(whole, requirements: [], table: table)
        for shards in [try shards(), try shards().reversed()] {
            let merged = try TraceMerger.merge(shards)
            #expect(try Judge.judge(merged, requirements: [], table: table) == expected)
            // And so does the merged trace, once it was written and read.
            #expect(try Judge.judge(try TraceReader.read(merged.text()), requirements: [], table: table) == expected)
        }
        #expect(expected.cells.map(\.scheme) == ["api-key", "mtls", "oauth-jwt"])
    }

    @Test("The order in which cells were played does not matter")
    func order() throws {
        let cells = try Self.schemes.map { try revocationTrace($0) }
        let one = try Judge.judge(try ReportInputs.trace(cells), requirements: [])
        let other = try Judge.judge(try ReportInputs.trace(cells.reversed()), requirements: [])
        #expect(one.cells.map(\.id) == other.cells.map(\.id))
    }

    @Test("The parts of a run are all of it, each cell once and in its order, and none has two cells more than another", arguments: 1...7)
    func parts(_ count: Int) throws {
        for all in [[], ["a"], (0..<20).map { "cell-\($0)" }] {
            let parts = try (1...count).map { try #require(Shard("\($0)/\(count)")).part(of: all) }
            #expect(parts.flatMap { $0 }.sorted() == all.sorted())
            for part in parts { #expect(part == all.filter(part.contains)) }
            let sizes = parts.map(\.count)
            #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        }
    }

    @Test(
        "What is no part is none",
        arguments: ["", "/", "1", "0/4", "5/4", "1/0", "-1/4", "1/4/4", "1/ 4", "a/b", "1/10001", "1/99999999999999999999"])
    func noPart(_ text: String) throws {
        #expect(Shard(text) == nil)
        #expect(try #require(Shard("4/4")).description == "4/4")
        let trace = try ReportInputs.trace([try revocationTrace(.keys)], shard: text)
        #expect(throws: TraceError.self) { try TraceMerger.merge([("part", trace)]) }
    }

    @Test("What is missing, twice, cut short or no shard is told by its name")
    func refused() throws {
        func message(_ shards: [(name: String, trace: RecordedRun)]) -> String? {
            do throws(TraceError) {
                _ = try TraceMerger.merge(shards)
                return nil
            } catch {
                return error.message
            }
        }
        let shards = try shards()
        #expect(message([]) == "there is nothing to merge")
        #expect(message([shards[0], shards[2]]) == "missing: shard 2/3")
        #expect(message(shards + [("again", shards[1].trace)]) == "again: shard 2 is there twice")
        var whole = shards[1]
        whole.trace.run.shard = nil
        #expect(message([shards[0], whole]) == "part-2: not a shard; `authbed run --shard i/n` makes them")
        var cut = shards[1]
        cut.trace.truncated = "the run did not end"
        #expect(message([shards[0], cut, shards[2]]) == "part-2: the run did not end")
        var other = shards[1]
        other.trace.run.era = "2025-11-25"
        #expect(message([shards[0], other, shards[2]])?.hasPrefix("part-2: authbed 1.0, era 2025-11-25") == true)
        let same = ("part-2", try ReportInputs.trace([try revocationTrace(.keys)], shard: "2/3"))
        #expect(message([shards[0], same, shards[2]]) == "part-2: family/x@api-key is in part-1, too")
    }
}
