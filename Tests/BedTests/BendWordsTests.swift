import Forging
import Scenarios
import Testing

/// Scenario files name what the forging side makes; neither side imports the other.
@Suite("Words of batteries and what is forged for them agree") struct BendWordsTests {
    @Test func `every class of forged tokens has a word, and every word a class`() {
        #expect(Set(Bend.attacks) == Set(TokenAttack.allCases.map(\.rawValue)))
    }

    @Test func `every key that is forged for a key set has a word`() {
        #expect(Set(KeySetForge.Kind.allCases.map(\.rawValue)).isSubset(of: Bend.keySets))
    }

    @Test func `no word stands twice in a list`() {
        for words in [
            Bend.keyChanges, Bend.signatures, Bend.presentations, Bend.proofs, Bend.audiences, Bend.issuers, Bend.attacks, Bend.bodies,
            Bend.requests, Bend.sessions, Bend.octets, Bend.introspections, Bend.keySets,
        ] {
            #expect(Set(words).count == words.count)
        }
    }
}
