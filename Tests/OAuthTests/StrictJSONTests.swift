import Foundation
import OAuth
import Testing

@Suite("Strict JSON and base64url")
struct StrictJSONTests {
    @Test(
        "What RFC 8259 allows is read",
        arguments: [
            ("{}", JSONValue.object([:])), (" [ ] ", .array([])), ("0", .number(0)), ("-0.5e+2", .number(-50)), ("null", .null),
            (#""\"\\\/\b\f\n\r\té😀""#, .string("\"\\/\u{8}\u{C}\n\r\té😀")),
            (#"{"a":[true,false,{"b":1}]}"#, .object(["a": .array([.bool(true), .bool(false), .object(["b": .number(1)])])])),
            ("1e400", .number(.infinity)), (#""\u0000""#, .string("\0")), (#""\uD83D\uDE00""#, .string("😀")),
        ])
    func accepted(text: String, value: JSONValue) throws {
        #expect(try StrictJSON.parse(Array(text.utf8)) == value)
    }

    @Test(
        "What it does not allow, and what readers disagree about, is refused",
        arguments: [
            "", " ", "{", "}", "[", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "01", "+1", "1.", ".5", "1e",
            "-", "0x1", "NaN", "Infinity", "tru", "nul", "\"", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\u{1}\"", "\"\n\"",
            "1 2", "{}x", "[1 2]", #"{"a":1,"a":1}"#, #"{"a":{"b":1,"b":2}}"#, #"{"a":1,"\u0061":2}"#, #""\ud800""#, #""\udc00""#,
            #""\ud800\u0041""#, "// c\n{}", "\u{FEFF}{}", "{}\0",
        ])
    func refused(text: String) {
        #expect(throws: StrictJSON.Malformed.self) { try StrictJSON.parse(Array(text.utf8)) }
    }

    @Test("Bytes that are not UTF-8 are refused", arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func notUnicode(bytes: [UInt8]) {
        #expect(throws: StrictJSON.Malformed.self) { try StrictJSON.parse([0x22] + bytes + [0x22]) }
    }

    @Test("Nesting ends before the stack does")
    func depth() throws {
        let nested = { (depth: Int) in Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8) }
        _ = try StrictJSON.parse(nested(StrictJSON.maximumDepth))
        #expect(throws: StrictJSON.Malformed.self) { try StrictJSON.parse(nested(StrictJSON.maximumDepth + 1)) }
        #expect(throws: StrictJSON.Malformed.self) { try StrictJSON.parse([UInt8](repeating: UInt8(ascii: "["), count: 100_000)) }
    }

    @Test("What Foundation writes is read as it was meant, and noise never crashes")
    func properties() throws {
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "a", "1", "-", ".", "e", "true", "null", " ", "\\u00", "😀", "\u{0}",
        ]
        for _ in 0..<3000 {
            let noise = (0..<Int.random(in: 0...20, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            _ = try? StrictJSON.parse(Array(noise.utf8))
            let written = try JSONEncoder().encode(["text": noise])
            #expect(try StrictJSON.parse(Array(written)) == .object(["text": .string(noise)]))
        }
    }

    @Test("Marks that combine are counted before anybody puts them in order", arguments: ["\u{301}\u{323}", "\u{F73}", "\u{345}"])
    func marks(marks: String) {
        let few = String(repeating: marks, count: 30 / marks.unicodeScalars.count), many = String(repeating: marks, count: 200_000)
        #expect(throws: Never.self) { try StrictJSON.parse(Array(#"{"a\#(few)":"\#(few)"}"#.utf8)) }
        #expect(throws: StrictJSON.Malformed.self) { try StrictJSON.parse(Array(#"{"a\#(many)":1}"#.utf8)) }
        #expect(throws: StrictJSON.Malformed.self) { try StrictJSON.parse(Array(#"["\#(many)"]"#.utf8)) }
        #expect(FormEncoding.pairs("a\(few)=\(few)".utf8)?.count == 1)
        #expect(FormEncoding.pairs("a\(many)=1".utf8) == nil)
        #expect(FormEncoding.pairs("a=\(many)".utf8) == nil)
    }

    @Test("Every sequence of bytes has exactly one spelling")
    func base64url() {
        var generator = SystemRandomNumberGenerator()
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = Base64URL.encode(bytes)
            #expect(text == encode(bytes))
            #expect(Base64URL.decode(text) == bytes)
            #expect(Base64URL.decode(text + "=") == nil)
        }
        for text in ["A", "AB", "AAB", "AA==", "AA=", "A+", "A/", "A A", "AA\n", "é", "AAAAA"] {
            #expect(Base64URL.decode(text) == nil, "\(text)")
        }
    }

    @Test("Identifiers are equal by code points, not by looks")
    func identical() {
        #expect("é" == "e\u{301}")
        #expect(!"é".isIdentical(to: "e\u{301}"))
        #expect("é".isIdentical(to: "é"))
    }
}
