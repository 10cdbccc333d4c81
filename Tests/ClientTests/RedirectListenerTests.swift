import Client
import Testing

@Suite("RedirectListener")
struct RedirectListenerTests {
    private let patience = Duration.seconds(10)

    private func get(_ address: String, _ method: HTTPCall.Method = .get, host: String? = nil) async throws -> HTTPAnswer {
        let connections = HTTPConnections(policy: .standard, files: TLSFiles(authority: nil), report: { _ in })
        var call = HTTPCall(method, try #require(WebAddress(address)))
        if let host { call.fields["Host"] = host }
        let answer: Result<HTTPAnswer, ClientError>
        do throws(ClientError) {
            answer = .success(try await connections.exchange(call, within: patience))
        } catch {
            answer = .failure(error)
        }
        await connections.close()
        return try answer.get()
    }

    @Test("The first answer at the one path is taken, with every value, and the window may be closed")
    func answer() async throws {
        let listener = try await RedirectListener.open(.standard)
        let page = try await get(listener.uri + "?code=a%20b+c&state=%C3%A9&state=2&x")
        #expect(page.status == 200)
        #expect(page.mediaType == "text/html")
        #expect(String(decoding: page.body, as: UTF8.self).contains("close this window"))
        #expect(page.fields["Cache-Control"] == "no-store")
        #expect(page.fields["Referrer-Policy"] == "no-referrer")
        _ = try await get(listener.uri + "?code=second")
        let parameters = try await listener.answer(within: patience)
        #expect(parameters == FormParameters(["code": ["a b c"], "state": ["é", "2"], "x": [""]]))
        #expect(parameters["code"] == "a b c")
        #expect(parameters["state"] == nil && parameters.values["state"]?.count == 2)
        listener.close()
        await #expect(throws: ClientError.self) { try await get(listener.uri + "?code=third") }
    }

    @Test("Everything else is answered and changes nothing")
    func others() async throws {
        let listener = try await RedirectListener.open(.standard)
        let origin = "http://127.0.0.1:\(listener.port)"
        #expect(try await get(origin + "/favicon.ico").status == 404)
        #expect(try await get(origin + "/callback/?code=x").status == 404)
        #expect(try await get(origin + "/Callback?code=x").status == 404)
        #expect(try await get(origin + "/callback?code=x", .post).status == 405)
        #expect(try await get(origin + "/callback").status == 400)
        #expect(try await get(origin + "/callback?code=%FF").status == 400)
        #expect(try await get(origin + "/callback?code=" + String(repeating: "x", count: 20_000)).status == 400)
        // A name of somebody else's that leads to this machine.
        #expect(try await get(origin + "/callback?code=x", host: "evil.example:\(listener.port)").status == 400)
        #expect(try await get(listener.uri + "?code=right").status == 200)
        #expect(try await listener.answer(within: patience)["code"] == "right")
        listener.close()
    }

    @Test("The port from before is taken again where any would do, and another where it is not free")
    func preferred() async throws {
        let first = try await RedirectListener.open(.standard)
        let second = try await RedirectListener.open(.standard, preferring: first.port)
        #expect(second.port != first.port)
        first.close()
        second.close()
        let named = try #require(RedirectURI("http://127.0.0.1:\(second.port)/other"))
        #expect(named.text(port: named.port) == "http://127.0.0.1:\(second.port)/other")
    }

    @Test(
        "Only plain HTTP at loopback is a place for the answer",
        arguments: [
            "https://127.0.0.1/callback", "http://127.0.0.2/callback", "http://example.com/callback", "http://127.0.0.1.evil.example/",
            "http://user@127.0.0.1/", "http://127.0.0.1:70000/", "http://127.0.0.1:/", "http://127.0.0.1:x/", "http://127.0.0.1/?a=b",
            "http://127.0.0.1/#a", "http://127.0.0.1/ a", "com.example.app:/callback", "urn:ietf:wg:oauth:2.0:oob", "",
        ])
    func wrong(text: String) {
        #expect(RedirectURI(text) == nil)
    }

    @Test(
        "A redirect URI is read",
        arguments: [
            ("http://127.0.0.1:0/callback", 0, "/callback", "http://127.0.0.1:7/callback"),
            ("http://[::1]:0/", 0, "/", "http://[::1]:7/"), ("http://localhost:8080", 8080, "/", "http://localhost:7/"),
            ("http://127.0.0.1/a/b", 80, "/a/b", "http://127.0.0.1:7/a/b"),
        ])
    func right(text: String, port: Int, path: String, at7: String) throws {
        let uri = try #require(RedirectURI(text))
        #expect(uri.port == port && uri.path == path && uri.text(port: 7) == at7)
    }
}
