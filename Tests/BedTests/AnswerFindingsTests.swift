import Bed
import Testing

@Suite("What is found in answers") struct AnswerFindingsTests {
    @Test func `names of chance have no fault`() {
        let names = (0..<SessionNames.sample).map { _ in String((0..<32).map { _ in "0123456789abcdef".randomElement() ?? "0" }) }
        #expect(SessionNames(names).faults == 0)
    }

    @Test func `names that can be guessed have faults`() {
        let numbers = 0..<SessionNames.sample
        #expect(SessionNames(numbers.map { "session-\(1000 + $0)" }).faults > 0)
        #expect(SessionNames(numbers.map { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\(($0 * 7919) % 1000)" }).faults > 0)
        #expect(SessionNames(numbers.map { _ in "0123456789abcdef0123456789abcdef" }).faults > 0)
    }

    @Test func `too few names prove nothing`() {
        #expect(SessionNames([]).faults > 0)
    }

    @Test func `a part of a secret is an echo, wherever it was cut; words of the protocol are none`() {
        let secret = "sk_test_abcdefghijkl_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        #expect(Echo.find(in: "error: not accepted: \(secret.dropFirst(6).prefix(30))", secrets: [secret]) == "a part of the credential")
        #expect(Echo.find(in: #"{"error":"invalid_token"}"#, secrets: [secret, "Bearer"]) == nil)
        #expect(Echo.find(in: "Fatal error at Sources/x.swift:12", secrets: []) == "where its program is at")
    }
}
