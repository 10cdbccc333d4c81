import Auth
import Crypto
import Foundation
import Testing

@Suite("The form of an API key")
struct APIKeyTests {
    private static let good = "sk_test_0123456789Ab_" + String(repeating: "a", count: 43)

    @Test("A generated key reads back as itself")
    func roundTrip() throws {
        let key = APIKey(generatingFor: "prod")
        let read = try #require(APIKey(parsing: key.text.reveal()))
        #expect(read.environment == "prod")
        #expect(read.id == key.id)
        #expect(read.hash == key.hash)
    }

    @Test("A thousand keys differ in id and secret, and all have the declared form")
    func uniqueness() throws {
        let keys = (0..<1000).map { _ in APIKey(generatingFor: "test").text.reveal() }
        let form = /sk_test_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}/
        #expect(keys.allSatisfy { $0.wholeMatch(of: form) != nil })
        #expect(Set(keys.map { $0.split(separator: "_")[2] }).count == 1000)
        #expect(Set(keys.map { $0.split(separator: "_")[3] }).count == 1000)
    }

    @Test("Every character of the alphabet turns up in secrets about equally often")
    func evenness() {
        var counts: [Character: Int] = [:]
        for _ in 0..<2000 {
            for character in APIKey(generatingFor: "test").text.reveal().suffix(43) { counts[character, default: 0] += 1 }
        }
        #expect(counts.count == 62)
        // 86 000 draws: 1387 each, with a standard deviation of 37. Eight of those never happen by chance.
        #expect(counts.values.allSatisfy { (1087...1687).contains($0) })
    }

    @Test("The hash is SHA-256 of the whole key")
    func hash() throws {
        let key = try #require(APIKey(parsing: Self.good))
        #expect(key.hash == Data(SHA256.hash(data: Data(Self.good.utf8))))
        #expect(key.matches(hash: key.hash))
        #expect(!key.matches(hash: Data()))
        #expect(!key.matches(hash: key.hash.dropLast()))
        #expect(!key.matches(hash: APIKey(generatingFor: "test").hash))
    }

    @Test(
        "Anything else is no key",
        arguments: [
            "", "sk", "sk_", "sk_test", "sk_test_0123456789Ab", "sk_test_0123456789Ab_", good + "a", String(good.dropLast()), " " + good,
            good + " ", good + "\n", good + "\0", good.replacing("sk_", with: "SK_"), good.replacing("sk_", with: "pk_"),
            good.replacing("test", with: "TEST"), good.replacing("test", with: ""), good.replacing("test", with: "t-st"),
            good.replacing("test", with: "abcdefghijklmnopq"), good.replacing("0123456789Ab", with: "0123456789A"),
            good.replacing("0123456789Ab", with: "0123456789A%"), good.replacing("_", with: "-"), good + "_" + good,
            String(good.dropLast()) + "é", String(good.dropLast()) + "\u{212A}", String(repeating: "a", count: 100_000),
            "' OR '1'='1", #"{"$ne":null}"#, "%", "*", "${jndi:x}", "../../etc/passwd",
        ])
    func malformed(text: String) {
        #expect(APIKey(parsing: Self.good) != nil)
        #expect(APIKey(parsing: text) == nil)
    }

    @Test("Random text is never a key, and never a crash")
    func randomText() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...90, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(APIKey(parsing: String(decoding: bytes, as: UTF8.self)) == nil)
        }
    }

    @Test("Printing a key, or what holds it, does not show the secret")
    func printing() throws {
        let key = try #require(APIKey(parsing: Self.good))
        let secret = String(repeating: "a", count: 43)
        var dumped = ""
        dump(key, to: &dumped)
        dump(APIKeyEvidence(presented: Self.good), to: &dumped)
        for text in ["\(key)", String(reflecting: key), "\(APIKeyEvidence(presented: Self.good))", dumped, "\(key.text)"] {
            #expect(!text.contains(secret))
        }
        #expect("\(key)" == "sk_test_0123456789Ab_***")
    }
}
