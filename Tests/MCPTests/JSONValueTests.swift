import MCP
import Testing

struct JSONValueTests {
    @Test("A document comes back as it was read")
    func roundTrip() throws {
        let text = #"{"a":[1,-2,0.5,true,false,null],"b":{"c":"\"\\\n"}}"#
        #expect(try JSONValue(parsing: text).text == text)
    }

    @Test("A whole number stays whole, and a number written as one counts as one")
    func numbers() throws {
        #expect(try JSONValue(parsing: "3") == .integer(3))
        #expect(try JSONValue(parsing: "3.0").integer == 3)
        #expect(try JSONValue(parsing: "3.5").integer == nil)
        #expect(try JSONValue(parsing: "9223372036854775808").integer == nil)
        #expect(try JSONValue(parsing: "-0").integer == 0)
    }

    @Test(
        "What is not exactly one JSON document is refused",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "1.", ".5", "+1", "1e", "NaN", "Infinity", "tru", "nulll",
            "\"\u{1}\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "{} {}",
            "1 2", "\"a", "1e999", "\u{FEFF}1",
        ])
    func malformed(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test(
        "A member named twice is refused, however it is spelt",
        arguments: [#"{"name":1,"name":2}"#, #"{"name":1,"n\u0061me":2}"#, "{\"\u{E9}\":1,\"e\u{301}\":2}", #"{"a":{"b":1,"b":1}}"#])
    func duplicates(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test(
        "Marks that combine are counted before anybody puts them in order",
        arguments: ["\u{301}\u{323}", "\u{F73}", "\u{344}", "\u{345}\u{1D165}"])
    func marks(marks: String) throws {
        let few = String(repeating: marks, count: 30 / marks.unicodeScalars.count), many = String(repeating: marks, count: 200_000)
        for text in [#"{"a\#(few)":1}"#, #"["\#(few)a\#(few)"]"#, "[\"\(String(repeating: "\u{E9}\u{1F469}", count: 1000))\"]"] {
            #expect(throws: Never.self) { try JSONValue(parsing: text) }
        }
        for text in [#"{"a\#(many)":1}"#, #"["\#(many)"]"#] {
            #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        }
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [[0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]])
    func notUTF8(bytes: [Int]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes.map(UInt8.init)) }
    }

    @Test("Nesting has an end before the stack has")
    func depth() throws {
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "{\"a\":", count: 100_000)) }
        let allowed = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        #expect(try JSONValue(parsing: allowed).text == allowed)
    }

    @Test("A pair of surrogates is one character")
    func surrogates() throws {
        #expect(try JSONValue(parsing: #""\ud83d\ude00""#) == "😀")
    }

    @Test("Nothing a string holds can end its line")
    func lineEnds() {
        let text = JSONValue.string("a\r\nb\u{2028}c\u{85}d\u{0}").text
        #expect(text == #""a\r\nb\u2028c\u0085d\u0000""#)
    }

    @Test("A document knows where its members stand")
    func positions() throws {
        let document = try JSONDocument(parsing: Array("{\n  \"a\": 1,\n  \"b\": {\"c\": [true, false]}\n}".utf8))
        #expect(document.position(of: "/a") == (2, 8))
        #expect(document.position(of: "/b/c/1") == (3, 21))
    }
}
