import OAuth
import Testing

@Suite("Form encoding")
struct FormEncodingTests {
    @Test("Whatever is encoded is decoded to itself, and needs no more than plain characters")
    func roundTrip() {
        var generator = SystemRandomNumberGenerator()
        for length in 0..<200 {
            let text =
                String(String.UnicodeScalarView((0..<length).map { _ in Unicode.Scalar(UInt8.random(in: 0...127, using: &generator)) }))
                + "é=&+%\u{10FFFF}"
            let encoded = FormEncoding.encode(text)
            #expect(FormEncoding.decode(encoded.utf8) == text)
            #expect(
                encoded.utf8.allSatisfy {
                    ("0"..."9").contains(Character(UnicodeScalar($0))) || Character(UnicodeScalar($0)).isLetter || "-._%".utf8.contains($0)
                })
        }
    }

    @Test("Pairs come back in their order, with what stands on neither side of an equals sign empty")
    func pairs() throws {
        let pairs = try #require(FormEncoding.pairs("a=1&b=&c&&a=x%3Dy+z".utf8))
        #expect(pairs.map(\.name) == ["a", "b", "c", "a"])
        #expect(pairs.map(\.value) == ["1", "", "", "x=y z"])
        #expect(FormEncoding.encode([(name: "a", value: "x=y z"), (name: "b", value: "")]) == "a=x%3Dy%20z&b=")
    }

    @Test("Broken escapes and bytes that are not UTF-8 are nothing", arguments: ["%", "%4", "%zz", "%C3", "%ff", "a%E2%82"])
    func broken(text: String) {
        #expect(FormEncoding.decode(text.utf8) == nil)
        #expect(FormEncoding.pairs("a=1&b=\(text)".utf8) == nil)
    }
}
