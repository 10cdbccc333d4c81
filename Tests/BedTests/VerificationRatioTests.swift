import Bed
import Testing

@Suite("Verifications beside openssl speed")
struct VerificationRatioTests {
    @Test("are read from its output for machines, of this version and of older ones")
    func output() throws {
        let now = "+DTP:256:ecdsa\n+R5:69306:256:1.00\n+R6:22314:256:1.00\n+F4:3:256:65252.631579:22489.473684\n"
        #expect(VerificationRatio.verifications(in: now) == 22489.473684)
        let before = try #require(VerificationRatio.verifications(in: "+F4:2:256:0.000025:0.000100\r\n"))
        #expect(abs(before - 10_000) < 0.001)
        for rubbish in ["", "+F4:", "+F4:2:256:x:y", "+F4:2:256:1:0", "22489"] {
            #expect(VerificationRatio.verifications(in: rubbish) == nil)
        }
    }

    @Test("become ratios round by round")
    func ratios() {
        let ratio = VerificationRatio(perSecond: [50, 90, 60], openssl: [100, 100, 200])
        #expect(ratio.ratios == [0.3, 0.5, 0.9])
    }
}
