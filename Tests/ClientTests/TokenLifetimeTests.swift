import Client
import MCP
import Testing

@Suite("TokenLifetime")
struct TokenLifetimeTests {
    @Test(
        "Whatever expires_in says, a token is used for between a second and a day",
        arguments: [
            (nil, 300), (JSONValue.null, 300), (.integer(3600), 3600), (.string("120"), 120), (.number(90.5), 90.5), (.integer(0), 1),
            (.integer(-1), 1), (.integer(Int.min), 1), (.number(1e12), 86_400), (.integer(Int.max), 86_400), (.string("nan"), 300),
            (.string("NaN"), 300), (.string("inf"), 86_400), (.string("soon"), 300), (.string(""), 300), (.bool(true), 300),
            (.array([]), 300),
            (.string(String(repeating: "9", count: 40)), 300),
        ] as [(JSONValue?, Double)])
    func bounded(value: JSONValue?, expected: Double) {
        #expect(TokenLifetime.standard.read(value) == expected)
    }

    @Test("A new token is fetched a minute early, and never in the first half", arguments: [(3600.0, 60.0), (120, 60), (100, 50), (2, 1)])
    func margin(lifetime: Double, expected: Double) {
        #expect(TokenLifetime.standard.margin(lifetime) == expected)
    }
}
