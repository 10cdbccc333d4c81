import Bed
import Foundation
import Testing

@Suite struct BenchFiguresTests {
    @Test func timeOfASessionIsReadFromBehindTheName() {
        let stat = "4711 (a) b (c 9) S 1 4711 4700 0 -1 4194560 100 0 0 0 25 17 3 2 20 0 1 0 55 1 2"
        #expect(SessionTime.ticks(in: stat, session: 4700) == 42)
        #expect(SessionTime.ticks(in: stat, session: 4711) == nil)
    }

    @Test(arguments: ["", "4711 (a", "4711 (a) S 1 1 4700", "4711 (a) S 1 1 4700 0 -1 0 1 0 0 0 x 17"])
    func aTornLineIsNoTime(_ stat: String) {
        #expect(SessionTime.ticks(in: stat, session: 4700) == nil)
    }

    @Test func timeOfThisSessionGrows() {
        let session = Int(getsid(0))
        let before = SessionTime.seconds(session)
        var sum = 0.0
        repeat { for step in 0..<1_000_000 { sum += Double(step).squareRoot() } } while SessionTime.seconds(session) <= before
        #expect(SessionTime.seconds(session) > before && sum > 0)
    }

    @Test func h2loadsLogIsRead() throws {
        let figures = try #require(H2Load.figures(in: "1000000\t200\t100\n1000100\t200\t300\n1000400\t200\t600\n"))
        #expect(figures.median == 300)
        #expect(figures.perSecond == 3000)
    }

    @Test(arguments: ["", "1000000\t401\t100\n", "1000000\t200\n", "1000000\t200\tsoon\n"])
    func aLogWithAnythingElseIsNone(_ log: String) {
        #expect(H2Load.figures(in: log) == nil)
    }

    @Test func aSpoiledCredentialDiffersInOneCharacter() {
        let right = "Bearer eyJhbGciOiJFUzI1NiJ9.e30.AAAAAAAAAAAAAAAAAAAAAAAA"
        let spoiled = Bench.spoiled(right)
        #expect(spoiled.count == right.count)
        #expect(zip(spoiled, right).count { $0 != $1 } == 1)
        #expect(Bench.spoiled(spoiled) == right)
        #expect(Bench.spoiled("short") == "")
    }
}
