import Auth
import OAuth
import Testing

@Suite("Password hashes")
struct PasswordHashTests {
    private let cheap = PasswordHash.Cost(rounds: 4, blockSize: 1, parallelism: 1)

    @Test("A password matches its hash, read back from text, and no other one does")
    func matches() throws {
        let text = try PasswordHash(of: Secret("correct horse"), cost: cheap).text
        #expect(text.hasPrefix("$scrypt$ln=4,r=1,p=1$"))
        let hash = try #require(PasswordHash(parsing: text))
        #expect(hash.text == text)
        #expect(try hash.matches(Secret("correct horse")))
        for wrong in ["", "correct hors", "correct horse ", "Correct horse", "correct horse\0"] {
            #expect(try !hash.matches(Secret(wrong)), "\(wrong)")
        }
    }

    @Test("The same password hashes differently each time")
    func salted() throws {
        #expect(try PasswordHash(of: Secret("x"), cost: cheap).text != PasswordHash(of: Secret("x"), cost: cheap).text)
    }

    @Test("A letter typed on another keyboard is the same letter")
    func normalized() throws {
        #expect(try PasswordHash(of: Secret("caf\u{E9}"), cost: cheap).matches(Secret("cafe\u{301}")))
    }

    /// By `hashlib.scrypt` of Python, which is OpenSSL.
    @Test("A hash that another implementation made matches")
    func foreign() throws {
        let text = "$scrypt$ln=14,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$wOBlTLx2kTvDnlM7GeRqLPJSaL8dgO6Mbiarn6WFHEI"
        #expect(try #require(PasswordHash(parsing: text)).matches(Secret("pleaseletmein")))
    }

    @Test("Not even the empty password matches nobody's hash")
    func nobody() throws {
        #expect(try !PasswordHash.ofNobody(cost: cheap).matches(Secret("")))
    }

    @Test(
        "Another text is no hash",
        arguments: [
            "", "secret", "$scrypt$ln=4,r=1,p=1$AAAA$AAAA", "$scrypt$ln=31,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$SALT",
            "$scrypt$ln=0,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$SALT", "$scrypt$r=8,ln=4,p=1$AAAAAAAAAAAAAAAAAAAAAA$SALT",
            "$argon2id$ln=4,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$SALT",
        ])
    func malformed(text: String) {
        #expect(PasswordHash(parsing: text.replacing("SALT", with: String(repeating: "A", count: 43))) == nil)
    }
}
