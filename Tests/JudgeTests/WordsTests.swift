import Judge
import Testing

@Suite struct WordsTests {
    @Test(arguments: [
        (0.0, 0.0051, "0–6 ms"), (0.0042, 0.0049, "4–5 ms"), (2.31, 2.36, "2.31–2.36 s"), (0.9, 1.2, "900 ms – 1.2 s"),
        (3598, 3599, "59 min 58–59 s"), (31_535_998, 31_535_999, "364 d 23 h 59 min 58–59 s"),
        (3538, 3540, "58 min 58 s – 59 min"), (3590, 7195, "59 min 50 s – 1 h 59 min 55 s"), (5, 5, "about 5 s"), (0, 0, "0 ms"),
        (0, 60, "0–1 min"), (0, 3540, "0–59 min"),
    ])
    func `a bracket is told in the units that suit it, rounded outwards`(_ lower: Double, _ upper: Double, _ words: String) {
        #expect(Words.bracket(Bracket(lower: lower, upper: upper, seenOpen: true)) == words)
    }

    @Test func `a door that was never seen closed says how long we looked`() {
        #expect(Words.bracket(Bracket(lower: 25, upper: nil, seenOpen: true)) == "open for at least 25 s, then we stopped looking")
    }

    @Test(arguments: [(0.0, "0"), (842, "842"), (3200, "3,200"), (1_234_567.5, "1,234,567.5"), (0.25, "0.25"), (-3.05, "-3.05")])
    func `numbers have their thousands apart`(_ value: Double, _ words: String) {
        #expect(Words.number(value) == words)
    }

    @Test(arguments: [(0.0004, "0 s"), (0.9996, "1 s"), (59.996, "1 min"), (60, "1 min"), (3600, "1 h"), (90_061, "1 d 1 h 1 min 1 s")])
    func `durations change their unit at the right place`(_ seconds: Double, _ words: String) {
        #expect(Words.duration(seconds) == words)
    }
}
