import MCP
import Testing

struct RequestHeadersTests {
    static let meta: JSONValue = [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
    ]

    static func call(_ name: JSONValue = "canary.read", meta: JSONValue = meta) throws -> RPCMessage {
        try RPCMessage(["jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": ["name": name, "_meta": meta]])
    }

    static func headers(
        version: [String] = ["2026-07-28"], method: [String] = ["tools/call"], name: [String] = ["canary.read"]
    ) -> RequestHeaders {
        RequestHeaders(protocolVersion: version, method: method, name: name)
    }

    private func code(_ headers: RequestHeaders, _ message: RPCMessage) -> Int? {
        do {
            _ = try headers.validate(message)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("A complete request of the stateless era is of its version")
    func complete() throws {
        #expect(try Self.headers().validate(Self.call()) == .v2026_07_28)
    }

    @Test(
        "A header that is missing, doubled or different from the body is a mismatch",
        arguments: [
            headers(method: []), headers(name: []), headers(method: ["tools/list"]), headers(name: ["canary.write"]),
            headers(name: ["Canary.read"]), headers(name: ["canary.read", "canary.read"]), headers(method: ["tools/call", "tools/call"]),
            headers(version: ["2026-07-28", "2026-07-28"]), headers(version: ["2025-11-25"]), headers(version: []),
            headers(name: ["=?base64?Y2FuYXJ5LndyaXRl?="]), headers(name: ["=?base64?!!!?="]), headers(name: ["canary.read "]),
        ])
    func mismatches(headers: RequestHeaders) throws {
        #expect(code(headers, try Self.call()) == RPCError.headerMismatchCode)
    }

    @Test("A name in the Base64 form is the name it stands for")
    func base64() throws {
        #expect(code(Self.headers(name: ["=?base64?Y2FuYXJ5LnJlYWQ=?="]), try Self.call()) == nil)
        for name in ["a", "é", " padded ", "line\nbreak", "=?base64?literal?=", ""] {
            #expect(RequestHeaders.decode(RequestHeaders.encode(name)) == name)
        }
        #expect(RequestHeaders.encode("get_weather") == "get_weather")
        #expect(RequestHeaders.encode("Hello, 世界") == "=?base64?SGVsbG8sIOS4lueVjA==?=")
    }

    @Test("A version that is not spoken is answered with those that are")
    func unsupported() throws {
        let message = try Self.call()
        do {
            _ = try Self.headers(version: ["2024-11-05"]).validate(message)
            Issue.record("accepted")
        } catch {
            #expect(error.code == RPCError.unsupportedVersionCode)
            #expect(error.data?["supported"]?.array?.contains("2026-07-28") == true)
            #expect(error.status(in: .stateless) == 400)
        }
    }

    @Test(
        "A request without version or capabilities in its _meta lacks parameters",
        arguments: [
            ["io.modelcontextprotocol/clientCapabilities": [:]], ["io.modelcontextprotocol/protocolVersion": "2026-07-28"],
            ["io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": 1],
        ] as [JSONValue])
    func incompleteMeta(meta: JSONValue) throws {
        #expect(code(Self.headers(), try Self.call(meta: meta)) == -32602)
    }

    @Test("A tool's name that is no string is refused before it is compared")
    func nameOfAnotherType() throws {
        #expect(code(Self.headers(), try Self.call(["canary.read"])) == -32602)
    }

    @Test("A request without version is of the era before there was a field for it")
    func assumed() throws {
        let message = RPCMessage(id: .integer(1), method: "tools/list")
        #expect(try RequestHeaders().validate(message) == .v2025_03_26)
        #expect(try RequestHeaders(protocolVersion: ["2025-11-25"]).validate(message) == .v2025_11_25)
    }
}
