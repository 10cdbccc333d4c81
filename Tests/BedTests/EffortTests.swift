import Bed
import Foundation
import Testing

@Suite struct EffortTests {
    @Test(arguments: [
        (#"{}"#, []), (#"{"a":1}"#, ["a"]), (#"{"a":{"b":true,"key":"x"},"c":["d","e"]}"#, ["b", "c", "c", "key"]),
        (#"{"issuers":[{"issuer":"i","client_secret_file":"f"}]}"#, ["client_secret_file", "issuer"]),
    ])
    func itemsAreTheValuesAtAnyDepth(_ text: String, _ expected: [String]) throws {
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        #expect(Effort.leaves(object).sorted() == expected)
    }
}
