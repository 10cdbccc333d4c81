import Bed
import Testing

@Suite("The first form of a page")
struct HTMLFormTests {
    func first(_ page: String) -> HTMLForm? { HTMLForm(firstIn: Array(page.utf8)) }

    @Test("gives its hidden inputs, its controls and where it is sent")
    func whole() throws {
        let form = try #require(
            first(
                """
                <!doctype html><title>Sign
                 in</title><p>not yet <input name=outside>
                <FORM Method='POST' action="/login?a=1&amp;b=2"><input type=hidden name=csrf value="a&quot;&#x3c;&#62;b">
                <input name="username"><INPUT TYPE="Password" NAME="password" value=''>
                <button name="decision" value="allow">Yes</button></form>
                <form><input name="other"></form>
                """))
        #expect(form.isPost)
        #expect(form.action == "/login?a=1&b=2")
        #expect(form.hidden.map(\.0) == ["csrf"])
        #expect(form.hidden.map(\.1) == ["a\"<>b"])
        #expect(form.controls.map(\.kind) == ["hidden", "text", "password", "submit"])
        #expect(form.controls.map(\.name) == ["csrf", "username", "password", "decision"])
    }

    @Test("is none that stands in a comment, a script or an attribute")
    func disguised() {
        #expect(first("<!-- <form><input name=a></form> -->") == nil)
        #expect(first("<script>document.write('<form method=post>')</script>") == nil)
        #expect(first("<style>/* <form> */</STYLE><p title='<form>'>") == nil)
        #expect(first("<script>'</scripts>' <form></SCRIPT><form id=real></form>") != nil)
        #expect(first("<formula><input name=a></formula>") == nil)
        #expect(first("&lt;form&gt;") == nil)
    }

    @Test("takes the first of two attributes, and needs no quotes, end tags or order")
    func sloppy() throws {
        let form = try #require(first("<form\n/ method=post method=get><input/name=a value=1/ name=b><input name=c value=\"x"))
        #expect(form.isPost && form.action == nil)
        #expect(form.controls.map(\.name) == ["a", "c"])
    }

    @Test(
        "does not fall over a hostile page, however long it is",
        arguments: [
            "", "<", "<form", "<form ", "<form =", "<form a='", "</", "</>", "<!--", "<!", "<?", "<script>", "<form>&#xFFFFFFFF;&#0;&;&",
            "<form><input name=\"&#xD800;\">",
        ])
    func hostile(page: String) {
        _ = first(page)
        _ = first(String(repeating: page, count: 4000))
        #expect(HTMLForm.title(of: Array(page.utf8)) == nil, "no title stands in it")
        _ = HTMLForm(firstIn: Array(page.utf8) + [0xFF, 0xFE, 0x00, 0x3C])
    }

    @Test("is not looked for in a page beyond the limit")
    func large() {
        let page = Array(("<form>" + String(repeating: " ", count: HTMLForm.pageLimit)).utf8)
        #expect(HTMLForm(firstIn: page) == nil)
        #expect(HTMLForm(firstIn: Array(page.prefix(HTMLForm.pageLimit))) != nil)
    }

    @Test("Two pages that differ in a token of their form say the same, and two that differ in words do not")
    func tokens() {
        func page(_ token: String, _ words: String) -> [UInt8] {
            HTMLForm.withoutTokens(Array("<form><input type=hidden name=csrf value=\(token)><input name=user></form>\(words)".utf8))
        }
        let (one, other) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
        #expect(page(one, "wrong") == page(other, "wrong"))
        #expect(page(one, "wrong") != page(one, "unknown"))
        // What is short is no token, and may tell who is known.
        #expect(page("known", "wrong") != page("unknown", "wrong"))
        #expect(HTMLForm.withoutTokens(Array("{}".utf8)) == Array("{}".utf8))
    }

    @Test("A title is one line")
    func title() {
        #expect(HTMLForm.title(of: Array("<TITLE>\n Sign   in &amp; go </TITLE>".utf8)) == "Sign in & go")
        #expect(HTMLForm.title(of: Array("<p>none".utf8)) == nil)
    }
}
