import Auth
import Testing

@Suite("Secrets")
struct SecretTests {
    @Test("A secret shows itself to nobody who does not ask")
    func hidden() {
        struct Holder { let secret = Secret("hunter2") }
        var dumped = ""
        dump(Holder(), to: &dumped)
        for text in ["\(Secret("hunter2"))", String(reflecting: Secret("hunter2")), "\(Holder())", dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(Secret("hunter2").reveal() == "hunter2")
    }
}
