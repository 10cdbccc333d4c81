import Client
import Testing

@Suite("ServerIdentity")
struct ServerIdentityTests {
    @Test(
        "A wildcard stands for one whole label and nothing else",
        arguments: [
            ("a.example.com", "a.example.com", true), ("a.example.com", "a.example.com.", true), ("*.example.com", "a.example.com", true),
            ("*.example.com", "example.com", false), ("*.example.com", "a.b.example.com", false), ("*.example.com", ".example.com", false),
            ("a*.example.com", "ab.example.com", false), ("*.com", "a.com", false), ("*", "localhost", false),
            ("*.*.com", "a.b.com", false),
            ("other.example", "localhost", false), ("", "localhost", false),
        ])
    func wildcard(presented: String, host: String, expected: Bool) {
        #expect(ServerIdentity.matches(presented, host) == expected)
    }

    @Test("What is no certificate is for nobody")
    func rubbish() {
        #expect(!ServerIdentity.isValid([], for: "localhost"))
        #expect(!ServerIdentity.isValid([0x30, 0x03, 0x02, 0x01, 0x00], for: "localhost"))
    }
}
