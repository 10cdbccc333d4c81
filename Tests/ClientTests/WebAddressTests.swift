import Client
import Testing

@Suite("WebAddress")
struct WebAddressTests {
    @Test(
        "Only absolute addresses without credentials or fragments are taken",
        arguments: [
            "", "mcp", "/mcp", "ftp://a/", "javascript:alert(1)", "file:///etc/passwd", "https://", "https://user@a.example/",
            "https://u:p@a/",
            "https://a.example/#x", "https://a.example\\@b.example/", "https://a b/", "https://a.example:0/", "https://a.example:99999/",
            "https://a.example/\u{E9}", "//a.example/",
        ])
    func refused(text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test("The origin is the same however it is written, and another port is another origin")
    func origins() throws {
        let address = try #require(WebAddress("https://A.example/mcp?x=1"))
        #expect(address.isSameOrigin(as: try #require(WebAddress("HTTPS://a.EXAMPLE:443/"))))
        #expect(!address.isSameOrigin(as: try #require(WebAddress("https://a.example:444/mcp"))))
        #expect(!address.isSameOrigin(as: try #require(WebAddress("http://a.example/mcp"))))
        #expect(WebAddress("https://[::1]:8443/mcp")?.origin == "https://[::1]:8443")
    }

    @Test(
        "Addresses that mean something only here are recognised",
        arguments: [
            ("127.0.0.1", Neighbourhood.loopback), ("127.9.9.9", .loopback), ("localhost", .loopback), ("a.localhost", .loopback),
            ("::1", .loopback),
            ("10.0.0.1", .private), ("172.16.0.1", .private), ("172.32.0.1", .elsewhere), ("192.168.1.1", .private),
            ("169.254.169.254", .private),
            ("0.0.0.0", .private), ("fe80::1", .private), ("fd00::1", .private), ("::ffff:10.0.0.1", .private),
            ("::ffff:127.0.0.1", .loopback),
            // As the system's resolver reads them.
            ("127.1", .loopback), ("0x7f.0.0.1", .loopback), ("2130706433", .loopback), ("017700000001", .loopback), ("10.1", .private),
            ("0xa9fea9fe", .private), ("0x08080808", .elsewhere), ("127.1.example", .elsewhere), ("cafe", .elsewhere),
            ("8.8.8.8", .elsewhere), ("2001:db8::1", .elsewhere), ("localhost.example", .elsewhere),
        ])
    func neighbourhood(host: String, expected: Neighbourhood) {
        #expect(Neighbourhood(host: host) == expected)
    }

    @Test(
        "Plain HTTP is spoken with this machine only",
        arguments: [("http://127.0.0.1:80/mcp", true), ("http://mcp.example/mcp", false), ("https://mcp.example/mcp", true)])
    func plain(text: String, allowed: Bool) throws {
        #expect((ConnectionPolicy.standard.objection(try #require(WebAddress(text))) == nil) == allowed)
    }
}
