import Bed
import Scenarios
import Testing

@Suite("Audiences that are almost the server's") struct AudienceLookalikeTests {
    private static let addresses = [
        "https://127.0.0.1:8443/mcp", "http://127.0.0.1:65535/mcp/1", "https://127.0.0.1:8443", "https://host/",
    ]

    @Test("No audience but the list with it names the server", arguments: Bend.audiences, addresses)
    func differs(word: String, own: String) throws {
        guard let claim = try AudienceLookalike(of: own).claim(word) else { return }
        #expect(claim != "\"\(own)\"")
        let members = claim.hasPrefix("[\"") ? claim.dropFirst().dropLast().split(separator: ",").map(String.init) : []
        #expect(members.contains("\"\(own)\"") == (word == "list-with-it"))
    }

    @Test(
        "One thing is different",
        arguments: [
            ("upper-case-path", addresses[0], "https://127.0.0.1:8443/MCP"),
            ("upper-case-path", addresses[1], "http://127.0.0.1:65535/MCP/1"),
            ("upper-case-path", addresses[2], nil), ("upper-case-path", addresses[3], nil),
            ("upper-case-path", "https://mcp/mcp", "https://mcp/MCP"),
            ("other-port", addresses[0], "https://127.0.0.1:8444/mcp"), ("other-port", addresses[1], "http://127.0.0.1:1/mcp/1"),
            ("other-port", addresses[3], nil),
            ("http", addresses[0], "http://127.0.0.1:8443/mcp"), ("http", addresses[1], "https://127.0.0.1:65535/mcp/1"),
        ])
    func changesOneThing(word: String, own: String, other: String?) throws {
        #expect(try AudienceLookalike(of: own).claim(word) == other.map { "\"\($0)\"" })
    }

    @Test("An unknown word is refused") func refusesUnknownWords() {
        #expect(throws: BedError.self) { try AudienceLookalike(of: Self.addresses[0]).claim("upper") }
    }
}
