import Bed
import Scenarios
import Testing

@Suite struct BedIssuerScriptTests {
    @Test(arguments: [(0.02, 59), (0.98, 59), (1.0, 0), (30, 0)])
    func `only what comes less than a second after the one before is hasty`(_ seconds: Double, _ hasty: Int) {
        let script = BedIssuerScript()
        let start = ContinuousClock.now
        for index in 0..<60 { script.noteKeyFetch(at: start.advanced(by: .seconds(seconds) * index)) }
        #expect(script.counted("hasty-key-fetches") == hasty)
        #expect(Battery.issuerCounts.contains("hasty-key-fetches"))
    }
}
