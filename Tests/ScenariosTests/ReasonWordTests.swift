import Auth
import Scenarios
import Testing

@Suite struct ReasonWordTests {
    @Test func `the scenarios' words for reasons are those of the subjects`() {
        #expect(ReasonWord.allCases.map(\.rawValue) == Reason.allCases.map(\.rawValue))
    }
}
