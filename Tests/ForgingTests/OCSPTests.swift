import Forging
import Foundation
import Testing

@Suite("OCSP, as openssl asks") struct OCSPTests {
    private let scratch: Scratch
    private let pki: PKI
    private let now = Date().timeIntervalSince1970

    init() throws {
        scratch = try Scratch()
        pki = try scratch.pki()
    }

    /// A server that answers for as long as the body runs.
    private func serving<Value>(
        _ script: String? = nil, of pki: PKI? = nil, at times: ClosedRange<Double>? = nil,
        _ body: (OCSPServer, _ script: String) throws -> Value
    ) throws -> Value {
        let file = try scratch.write(script ?? "", as: "script")
        let schedule = try OCSPSchedule(file: file, report: { _ in })
        let server = try OCSPServer(
            responder: OCSPResponder(pki: pki ?? self.pki), schedule: schedule, report: { Issue.record("\($0)") },
            times: { [now] in times ?? now...now })
        Thread.detachNewThread { server.run() }
        defer { server.stop() }
        return try body(server, file)
    }

    private func ask(_ url: String, _ name: String = "alice", of pki: PKI? = nil, options: [String] = []) throws -> String {
        let pki = pki ?? self.pki
        let issuer = try #require(pki.entries.first { $0.name == name }).issuer
        return try Scratch.openssl(
            [
                "ocsp", "-issuer", pki.path(of: issuer).certificate, "-cert", pki.path(of: name).certificate, "-url", url, "-CAfile",
                pki.ca,
                "-timeout", "10",
            ] + options
        ).output
    }

    private static let expected: [(OCSPScript.Answer, [String])] = [
        (.ledger, ["Response verify OK\n", ": good\n"]), (.good, ["Response verify OK\n", ": good\n"]),
        (.revoked, ["Response verify OK\n", ": revoked\n"]), (.unknown, ["Response verify OK\n", ": unknown\n"]),
        (.expired, ["Response verify OK\n", "WARNING: Status times invalid.", "status expired", "\ngood\n"]),
        (.notYetValid, ["Response verify OK\n", "WARNING: Status times invalid.", "status not yet valid", "\ngood\n"]),
        (.noNextUpdate, ["Response verify OK\n", ": good\n"]), (.wrongNonce, ["Nonce Verify error\n"]),
        (.noNonce, ["WARNING: no nonce in response\n", ": good\n"]), (.wrongSerial, ["Response verify OK\n", "ERROR: No Status found.\n"]),
        (.wrongIssuer, ["Response verify OK\n", "ERROR: No Status found.\n"]),
        (.wrongSigner, ["Response Verify Failure\n", "missing ocspsigning usage"]),
        (.strangeSigner, ["Response Verify Failure\n", "certificate verify error"]),
        (.badSignature, ["Response Verify Failure\n", "signature failure"]),
        (.malformedRequest, ["Responder Error: malformedrequest (1)\n"]), (.internalError, ["Responder Error: internalerror (2)\n"]),
        (.tryLater, ["Responder Error: trylater (3)\n"]), (.signatureRequired, ["Responder Error: sigrequired (5)\n"]),
        (.unauthorized, ["Responder Error: unauthorized (6)\n"]), (.malformed, ["Error querying OCSP responder\n"]),
        (.empty, ["Error querying OCSP responder\n"]), (.httpError, ["Error querying OCSP responder\n"]),
        (.down, ["Error querying OCSP responder\n"]), (.slow, ["Response verify OK\n", ": good\n"]),
        (.delegate, ["Response verify OK\n", ": good\n"]),
        (.expiredDelegate, ["Response Verify Failure\n", "certificate has expired"]),
    ]

    @Test(
        "an answer counts by every clock it was made for, and by no other",
        arguments: [
            (0...0, ": good\n"), (-86_400...0, ": good\n"), (0...86_400, ": good\n"), (-86_400 ... -86_400, "status expired"),
            (86_400...86_400, "status not yet valid"),
        ] as [(ClosedRange<Double>, String)])
    func countsByEveryClock(ahead: ClosedRange<Double>, words: String) throws {
        try serving(at: now + ahead.lowerBound...now + ahead.upperBound) { (server, _) throws in
            #expect(try ask(server.url).contains(words))
        }
    }

    @Test(arguments: expected)
    func `each answer is wrong in its one thing`(answer: OCSPScript.Answer, words: [String]) throws {
        let output = try serving(answer == .slow ? "slow 1" : answer.rawValue) { server, _ in try ask(server.url) }
        for words in words { #expect(output.contains(words), "\(output)") }
        let isTimely = ![.expired, .notYetValid].contains(answer)
        #expect(output.contains("Status times invalid") != isTimely)
        if answer == .noNextUpdate { #expect(!output.contains("Next Update")) }
    }

    @Test func `no answer is left untried`() {
        #expect(Set(Self.expected.map(\.0)) == Set(OCSPScript.Answer.allCases))
    }

    @Test func `a revocation is answered from its moment on, and of that certificate only`() throws {
        try serving { (server, _) throws in
            #expect(try ask(server.url).contains(": good\n"))
            let alice = try #require(pki.entries.first { $0.name == "alice" })
            try pki.revoke(serial: alice.serial, at: now)
            #expect(try ask(server.url).contains(": revoked\n"))
            #expect(try ask(server.url, "bob").contains(": good\n"))
            #expect(try ask(server.url, "intermediate").contains(": good\n"))
        }
    }

    @Test func `what was issued later is known, and what was issued elsewhere is not`() throws {
        let carol = try pki.issue(
            name: "carol", commonName: "carol", uris: [], dns: ["carol.test"], usage: .client, lifetime: 600, now: now, into: scratch.path)
        try serving { (server, _) throws in
            let arguments = ["ocsp", "-issuer", pki.path(of: "intermediate").certificate, "-url", server.url, "-CAfile", pki.ca]
            #expect(try Scratch.openssl(arguments + ["-cert", carol.certificate]).output.contains(": good\n"))
            #expect(try Scratch.openssl(arguments + ["-serial", "0x1234"]).output.contains("0x1234: unknown\n"))
            // Of an authority that only bears the name.
            let output = try ask(server.url, "lookalike-ca")
            #expect(output.contains("Responder Error: unauthorized (6)\n"), "\(output)")
        }
    }

    @Test func `where there is a responder's certificate it signs`() throws {
        let every = try scratch.pki(profile: "every")
        try serving(of: every) { (server, _) throws in
            let output = try ask(server.url, of: every, options: ["-resp_text"])
            #expect(output.contains("Responder Id: CN = OCSP Signer\n"))
            #expect(output.contains("Response verify OK\n"))
            #expect(try ask(server.url, "revoked", of: every).contains(": revoked\n"))
            #expect(try ask(server.url, "under-revoked-ca", of: every).contains(": good\n"))
            #expect(try ask(server.url, "revoked-ca", of: every).contains(": revoked\n"))
            #expect(try ask(server.url, "same-serial", of: every).contains(": good\n"))
        }
    }

    @Test func `a nonce comes back, and without one there is none`() throws {
        try serving { (server, _) throws in
            #expect(try ask(server.url, options: ["-resp_text"]).contains("OCSP Nonce:"))
            #expect(try !ask(server.url, options: ["-resp_text", "-no_nonce"]).contains("OCSP Nonce:"))
        }
    }

    @Test func `rules are used in their order and up, and the script is read again`() throws {
        let bob = try #require(pki.entries.first { $0.name == "bob" })
        try serving("try-later times 2\nrevoked for \(bob.serial.uppercased()) # bob's\ngood times 1\nunknown") { (server, file) throws in
            #expect(try ask(server.url).contains("trylater"))
            #expect(try ask(server.url, "bob").contains("trylater"))
            #expect(try ask(server.url, "bob").contains(": revoked\n"))
            #expect(try ask(server.url).contains(": good\n"))
            #expect(try ask(server.url).contains(": unknown\n"))
            try Data("no such answer".utf8).write(to: URL(filePath: file))
            #expect(try ask(server.url).contains(": unknown\n"))
            try Data("\n# nothing\n".utf8).write(to: URL(filePath: file))
            #expect(try ask(server.url).contains(": good\n"))
            let state = try HTTP.exchange(server.url, "GET /state HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(state.hasSuffix(#"{"answers":{"good":1,"ledger":1,"revoked":1,"try-later":2,"unknown":2},"requests":7}"# + "\n"))
        }
    }

    @Test(arguments: [
        ("goof", 1, 1), ("good\n\n  revoked bob", 3, 11), ("slow", 1, 1), ("slow -1", 1, 1), ("good for", 1, 6), ("good for 0x12", 1, 10),
        ("good times 0", 1, 12), ("good times 1 times 2", 1, 14), ("good for 12 for 13", 1, 13),
    ])
    func `a mistake in a script is told with its place`(text: String, line: Int, column: Int) {
        let error = #expect(throws: PKIManifestError.self) { try OCSPScript(text: text, file: "script") }
        #expect(error.map { [$0.line, $0.column] } == [line, column])
    }

    @Test func `a request by GET is answered like one by POST`() throws {
        let file = "\(scratch.path)/request.der"
        let paths = (pki.path(of: "intermediate").certificate, pki.path(of: "alice").certificate)
        _ = try Scratch.openssl(["ocsp", "-issuer", paths.0, "-cert", paths.1, "-reqout", file])
        let text = try Data(contentsOf: URL(filePath: file)).base64EncodedString()
        let escaped = text.replacing("/", with: "%2F").replacing("+", with: "%2B").replacing("=", with: "%3D")
        try serving { (server, _) throws in
            for target in [escaped, "/\(escaped)", text.replacing("+", with: "%2B")] {
                let answer = try HTTP.exchange(server.url, "GET /\(target) HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\n"))
            }
        }
    }

    @Test func `what is no OCSP request is answered as such`() throws {
        try serving { (server, _) throws in
            let kind = "Content-Type: application/ocsp-request\r\n"
            let answer = try HTTP.bytes(server.url, "POST / HTTP/1.1\r\n\(kind)Content-Length: 3\r\n\r\nabc")
            // OCSPResponse with the status malformedRequest and nothing else (RFC 6960 section 4.2.1).
            #expect(answer.suffix(5) == [0x30, 0x03, 0x0A, 0x01, 0x01])
        }
    }

    @Test(arguments: [
        ("PUT / HTTP/1.1\r\n\r\n", 405), ("GET\r\n\r\n", 400), ("GET x HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/2.0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET /%zz HTTP/1.1\r\n\r\n", 400), ("GET /!!! HTTP/1.1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nContent-Type: application/ocsp-request\r\n\r\n", 411),
        ("POST / HTTP/1.1\r\nContent-Type: application/ocsp-request\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        ("POST / HTTP/1.1\r\nContent-Length: 70000\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\na", 400), ("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\na", 415),
        ("POST / HTTP/1.1\r\nContent-Length : 1\r\n\r\na", 400), ("POST / HTTP/1.1\r\nX\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 17_000) + "\r\n\r\n", 431),
    ])
    func `a hostile request is refused, and the next is answered`(request: String, status: Int) throws {
        try serving { (server, _) throws in
            #expect(try HTTP.exchange(server.url, request).hasPrefix("HTTP/1.1 \(status) "))
            #expect(try ask(server.url).contains(": good\n"))
        }
    }

    @Test func `whatever is asked, an answer comes`() throws {
        let file = "\(scratch.path)/request.der"
        let paths = (pki.path(of: "intermediate").certificate, pki.path(of: "alice").certificate)
        _ = try Scratch.openssl(["ocsp", "-issuer", paths.0, "-cert", paths.1, "-reqout", file])
        let right = [UInt8](try Data(contentsOf: URL(filePath: file)))
        let responder = OCSPResponder(pki: pki)
        var generator = Seeded(state: 20_261_127)
        var good = 0
        for _ in 0..<3000 {
            var request = right
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: request.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: request[place] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: request.remove(at: place)
                default: request.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
                }
            }
            let answer = try responder.answer(to: request, at: now...now)
            // An OCSPResponse begins with its status: successful, malformedRequest or unauthorized.
            let status = try #require(answer.firstRange(of: [0x0A, 0x01]).map { answer[$0.upperBound] })
            #expect([0, 1, 6].contains(status))
            if status == 0 { good += 1 }
        }
        #expect(good > 0)
        for hostile in [[], [0x30], [0x30, 0x80], [UInt8](repeating: 0x30, count: 10_000), [UInt8](repeating: 0xFF, count: 65_536)] {
            #expect(try responder.answer(to: hostile, at: now...now) == [0x30, 0x03, 0x0A, 0x01, 0x01])
        }
    }

    /// Always the same numbers (SplitMix64).
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    @Test func `slow answers do not hold up others`() throws {
        let bob = try #require(pki.entries.first { $0.name == "bob" })
        try serving("slow 60000 for \(bob.serial)") { (server, _) throws in
            let waiting = try HTTP.connect(server.url)
            defer { close(waiting) }
            let half = try HTTP.connect(server.url)
            defer { close(half) }
            HTTP.send("POST / HTTP/1.1\r\n", over: half)
            #expect(try ask(server.url).contains(": good\n"))
        }
    }

    @Test(arguments: ["0.0.0.0", "10.0.0.1", "localhost", "::1", ""])
    func `only loopback is served`(host: String) throws {
        let schedule = try OCSPSchedule(file: nil, report: { _ in })
        #expect(throws: ForgingError.self) {
            try OCSPServer(responder: OCSPResponder(pki: pki), schedule: schedule, host: host, report: { _ in })
        }
    }
}
