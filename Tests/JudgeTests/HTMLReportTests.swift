import Judge
import Reports
import Scenarios
import Testing
import Trace

@Suite("The report as a page")
struct HTMLReportTests {
    func page(_ cells: [TraceBuilder], proven: Set<String>? = nil) throws -> String {
        HTMLReport.text(try ReportInputs.input(cells, proven: proven))
    }

    func ids(_ page: String) -> [String] { page.matches(of: /<[^>]*?\sid="?([^\s">]+)/).map { String($0.output.1) } }

    @Test("Every cell of the table leads to evidence, and every link to its place")
    func links() throws {
        let page = try page(try ReportInputs.stories([.keys, .tokens]))
        let ids = ids(page)
        #expect(Set(ids).count == ids.count)
        let targets = page.matches(of: /href="?#([^">]*)/).map { String($0.output.1) }
        #expect(Set(targets).subtracting(ids) == [])
        let table = try #require(page.firstMatch(of: /<table class="cmp">.*?<\/table>/.dotMatchesNewlines())).output
        let cells = table.matches(of: /<td class=[^<]*(?:<[^t][^<]*)*/).map { String($0.output) }
        #expect(cells.count == 4)
        for cell in cells { #expect(cell.contains("<a href=#")) }
        for name in ["m0", "v-story.stays-oauth-jwt", "k-story.takes-effect", "f-story"] { #expect(ids.contains(name), "\(name)") }
    }

    @Test("Words, twin, picture, clause, command and proof stand on it")
    func content() throws {
        let page = try page(try ReportInputs.stories([.keys, .tokens]), proven: ["server/x"])
        #expect(page.contains("<span class=\"a\"><b>twin</b> Authorization: Bearer bob…[redacted #0000abcd]</span>"))
        #expect(page.contains("<span class=\"b\"><b>this</b> Authorization: Bearer alice…[redacted #0000abcd]</span>"))
        #expect(page.contains("the credential: alice in place of bob"))
        #expect(page.contains("<title>After “revoked”: alice’s calls turn from accepted to refused within 5–11 ms</title>"))
        #expect(page.contains("<a href=\"https://www.rfc-editor.org/rfc/rfc7009#section-2.1\">RFC 7009 section 2.1</a>; &lt;b&gt;"))
        #expect(page.contains("authbed run family/x --scheme api-key"))
        #expect(page.contains("proven with these same programs and files"))
        #expect(page.contains("“Immediate”") && page.contains("<b>confirmed</b>"))
        #expect(page.contains("<th scope=row>call as alice and bob <code>before</code><span class=sub>Both open the door.</span><td>"))
        #expect(page.contains("<title>Calls a second: off 1,000/s; api-key 500/s</title>"))
        #expect(page.contains("<title>From request to answer: api-key half within 480 µs, nine in ten within 1.25 ms</title>"))
        #expect(page.contains("<title>What a refused call costs, in accepted ones: api-key 0.5</title>"))
    }

    @Test("A row leads to what it counts, where that is told, and the article's words stand under the row they are about")
    func rows() throws {
        let page = try page(try ReportInputs.stories([.keys, .tokens]))
        #expect(page.contains("<th scope=row><a href=#r-open>Open for</a>"))
        #expect(page.contains("<li id=r-open><b>Open for</b>: How long it &lt;stays&gt;."))
        #expect(page.contains("<th scope=row>Refused<td"))
        #expect(page.contains("<th scope=rowgroup rowspan=1>Open for<td>"))
        #expect(page.contains("1 statement of the article, each held against what was measured: confirmed 1."))
        let alone = try self.page(try ReportInputs.stories([.tokens]))
        #expect(alone.contains("the article says nothing that could be tried.") && !alone.contains("rowspan"))
    }

    @Test("Nothing is fetched, and nothing is run")
    func selfContained() throws {
        let page = try page(try ReportInputs.stories([.keys]))
        for word in ["<script", "<link", "<img", "<iframe", "@import", "url(", "src=", " onclick", "javascript:"] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(page.contains("default-src 'none'"))
    }

    @Test("What a subject wrote stays text, whatever it holds")
    func hostile() throws {
        let attack = "</pre><script>alert(1)</script>\u{22}\u{301} onmouseover=\u{22}x\u{202E}\u{1B}[2J &amp;{{style}}{{{style}}}"
        var cells = try ReportInputs.stories([.keys], sent: "GET /\(attack)", received: "HTTP 401 \(attack)")
        cells[0].edit {
            $0.set == "fresh"
        } change: { call in
            call.reason = attack
            call.face = attack
            call.challenge = attack
            call.bent = attack
            call.credential = call.credential == "alice" ? "alice\(attack)" : call.credential
        }
        cells[0].fault(attack)
        let page = try page(cells)
        #expect(!page.contains("<script>alert"))
        // Between tags a quotation mark is a mark like any other; nowhere else.
        let quoted = "\u{22}\u{301} onmouseover"
        #expect(!page.replacing(/<pre>.*?<\/pre>/.dotMatchesNewlines(), with: "").contains(quoted))
        #expect(!page.unicodeScalars.contains { $0.value == 0x202E || $0.value == 0x1B })
        #expect(page.contains("{{style}}"))
        #expect(page.contains("&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;"))
    }

    @Test(
        "A secret that a subject repeats is withheld",
        arguments: [
            "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlc2lnbmF0dXJl", "sk_prod_0123456789abcdefghijklmn",
            "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg", "{\"refresh_token\":\"r3fr3shr3fr3sh\"}",
            "client_secret=s3cr3ts3cr3t&a=b", "Authorization: Basic YWxpY2U6c2VjcmV0",
        ])
    func secrets(secret: String) throws {
        var cells = try ReportInputs.stories([.keys], received: "HTTP 401\n\(secret)")
        cells[0].fault("died of \(secret)")
        let page = try page(cells)
        let kernel = try #require(secret.split(whereSeparator: { "=:\" .\n&_".contains($0) }).max { $0.count < $1.count })
        #expect(!page.contains(kernel))
        #expect(page.contains("withheld]"))
    }

    @Test("A proof of possession can be read and not sent")
    func proof() throws {
        // {"typ":"dpop+jwt","alg":"ES256"} . {"htm":"GET"} . signature
        let proof = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2In0.eyJodG0iOiJHRVQifQ.c2lnbmF0dXJl"
        let page = try page(try ReportInputs.stories([.keys], sent: "POST /\nDPoP: \(proof)"))
        #expect(page.contains("DPoP: {\"alg\":\"ES256\",\"typ\":\"dpop+jwt\"} . {\"htm\":\"GET\"} . […]"))
        #expect(!page.contains("c2lnbmF0dXJl"))
    }

    @Test("The same input gives the same bytes, also after a way through results.json")
    func deterministic() throws {
        let input = try ReportInputs.input(try ReportInputs.stories([.keys, .tokens]), proven: ["server/x"])
        let page = HTMLReport.text(input)
        var again = input
        again.results = try ResultsFile.read(ResultsFile.text(input.results))
        #expect(HTMLReport.text(again) == page)
    }

    /// Cases that are judged by long texts, all of which look otherwise.
    private func many(_ count: Int) throws -> TraceBuilder {
        let cases = (0..<count).map {
            "  - { check: token.c\($0), title: number \($0), bend: { claims: { exp: now-\($0 + 1)m } }, because: expired, bites: server/x }"
        }
        var trace = try TraceBuilder(
            "title: Many\nteaches: Much.\nschemes: [oauth-jwt]\nbaseline: alice\ncases:\n" + cases.joined(separator: "\n") + "\n", .tokens)
        for index in 0..<count {
            trace.call("token.c\(index)", .accepted, at: index * 10, twin: true)
            trace.call("token.c\(index)", .refused, at: index * 10 + 3, reason: "expired")
            trace.call("token.c\(index)", .accepted, at: index * 10 + 6, twin: true)
            trace.step(index, at: index * 10 + 8)
        }
        trace.edit { _ in
            true
        } change: { call in
            let lines = (0..<30).map { "Field-\(call.set)-\($0): " + String(repeating: "\u{22}<", count: 80) }
            call.sent = lines.joined(separator: "\n")
            call.received = call.sent
        }
        trace.end()
        return trace
    }

    @Test("A run of any size fits on a page that a browser takes without a thought")
    func size() throws {
        let page = try page([try many(400)])
        #expect(page.utf8.count < HTMLReport.limit)
        #expect(page.contains("token.c399"))
        // What is bent is told once, and led to from every other check that it proves.
        #expect(page.split(separator: "<code id=d-server.x>").count == 2)
        #expect(page.split(separator: "<a href=#d-server.x>").count == 400)
    }

    @Test("Where a page is full, it says of each check how many calls are not on it")
    func full() throws {
        let page = try page([try many(100)])
        #expect(page.utf8.count < HTMLReport.limit)
        let told = page.matches(of: /(\d+) more calls? that looks? otherwise (is|are) in events\.jsonl/).compactMap { Int($0.1) }
        #expect(!told.isEmpty && told.count < 100)
        #expect(told.allSatisfy { $0 == 1 })
    }

    @Test("Without a trace the results still make a page")
    func noTrace() throws {
        var input = try ReportInputs.input(try ReportInputs.stories([.keys]))
        input.trace = nil
        let page = HTMLReport.text(input)
        #expect(page.contains("The trace is not at hand"))
        #expect(page.contains("in the catalogue; <code>authbed prove</code> tries them"))
        #expect(page.contains("5–11 ms"))
    }

    @Test("A run that is not whole, and a rule that is broken, are told first")
    func alarm() throws {
        var cells = try ReportInputs.stories([.keys])
        cells[0].edit {
            $0.set == "fresh" && $0.begin == 115_000_000
        } change: {
            $0.reason = "unknown"
        }
        var input = try ReportInputs.input(cells)
        input.results.incomplete = "the run was stopped early"
        let page = HTMLReport.text(input)
        let head = try #require(page.split(separator: "<main").first)
        #expect(head.contains("This run is not whole: the run was stopped early."))
        #expect(head.contains("1 required rule broken: story.stays."))
    }
}
