import Judge
import Reports
import Scenarios
import Testing
import Trace

@Suite struct NarrationTests {
    private func passages(_ story: TraceBuilder) throws -> [Narration.Passage] {
        let input = try ReportInputs.input([story])
        let result = try #require(input.results.cells.first)
        let trace = try #require(input.trace)
        let cells = try CellEvidence.all(in: trace)
        let cell = try #require(cells[result.id])
        return Narration(
            cell: cell, result: result, rules: ["story.stays": "It stays \u{1B}[2Jrevoked."], rows: ReportInputs.table.titles, width: 80,
            colour: false
        ).passages
    }

    @Test func everyStepIsToldInOrderWithWhatCameOfIt() throws {
        let told = try passages(try revocationTrace()).map(\.text)
        #expect(told[0].contains("Revoke a credential") && told[0].contains("It ends."))
        #expect(told[1].contains("issue alice") && told[2].contains("issue bob"))
        #expect(told[3].contains("call as alice and bob") && told[3].contains("Both open the door.") && told[3].contains("bob: 1 accepted"))
        #expect(told[5].contains("alice: 1 accepted, then 3 refused (HTTP 401, revoked)"))
        #expect(told[5].contains("bob, the twin: 2 accepted"))
        #expect(told.contains { $0.contains("● pass  story.stays") })
        #expect(told.last?.contains("window-fresh  Open for\n") == true)
    }

    @Test func whatWasNotDoneIsToldWithItsReason() throws {
        var story = try TraceBuilder(revocationStory)
        story.step(0, at: 5)
        story.notOffered("call", "there is no such listener")
        story.step(2, at: 10)
        story.end()
        let told = try passages(story).map(\.text)
        #expect(told[2].contains("Both open the door.") && told[2].contains("not done: there is no such listener"))
        #expect(!told[1].contains("not done"))
        var other = try TraceBuilder(revocationStory)
        other.step(0, at: 5)
        other.notOffered("issue", "nobody makes it")
        other.step(1, at: 10)
        other.step(2, at: 20)
        other.step(3, at: 30)
        other.end()
        let rest = try passages(other).map(\.text)
        #expect(rest[2].contains("not done: nobody makes it") && rest[3].contains("not done, for the same reason"))
        #expect(!rest[4].contains("not done"))
    }

    @Test func aLongerPassageIsGivenLongerToRead() throws {
        let passages = try passages(try revocationTrace())
        let sorted = passages.sorted { $0.text.split(separator: " ").count < $1.text.split(separator: " ").count }
        let (shortest, longest) = (try #require(sorted.first), try #require(sorted.last))
        #expect(shortest.pause < longest.pause)
    }

    @Test func nothingMovesTheCursorAndNoSecretIsTold() throws {
        var story = try revocationTrace()
        story.edit {
            $0.outcome == .refused
        } change: {
            $0.face = "HTTP 401\u{1B}[2J sk_test_abcdefghijklmnopqrstuvwxyz_0123456789abcdef"
        }
        let text = try passages(story).map(\.text).joined()
        #expect(!text.contains("\u{1B}") && !text.contains("sk_test"))
    }

    @Test func aCellThatWasCutShortIsToldAsFarAsItWent() throws {
        var story = try TraceBuilder(revocationStory)
        story.step(0, at: 5)
        story.fault("the server ended by itself")
        story.end(complete: false)
        let told = try passages(story).map(\.text)
        #expect(told.contains { $0.contains("the server ended by itself") })
    }
}
