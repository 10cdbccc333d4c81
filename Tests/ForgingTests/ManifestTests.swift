import Forging
import Testing

@Suite("Manifests") struct ManifestTests {
    private static let right = """
        standard:
          trust: root
          signer: root
          certificates:
            root: { cn: Root, issuer: self, usage: authority, lifetime: 10d }
            alice: { cn: alice, issuer: root, usage: client, lifetime: 5d }
        """

    @Test func `the project's manifest has its profiles`() throws {
        #expect(try PKIManifest(file: Scratch.manifest).profileNames == ["standard", "every", "article"])
    }

    @Test(arguments: [
        ("trust: root", "trust: nobody", 2, 10, "'trust' is to name a certificate of usage authority in this profile, not 'nobody'"),
        ("signer: root", "signer: alice", 3, 11, "'signer' is to name a certificate of usage authority in this profile, not 'alice'"),
        (
            "usage: client", "usage: klient", 6, 46,
            "expected one of authority, plain-authority, client, server, responder for 'usage', not 'klient'"
        ),
        ("issuer: root", "issuer: later", 6, 33, "the issuer is 'self' or a certificate above this one, not 'later'"),
        ("lifetime: 5d", "lifetime: 5", 6, 64, "expected a duration such as 365d for 'lifetime', not '5'"),
        ("lifetime: 5d", "lifetime: 99999999999999999999d", 6, 64, nil),
        ("lifetime: 5d", "lifetime: -5d", 6, 64, nil),
        (", lifetime: 5d", "", 6, 12, "missing key 'lifetime' in certificate 'alice'"),
        ("cn: alice", "cm: alice", 6, 14, nil),
        ("cn: alice", "cn: [alice]", 6, 18, "expected text for 'cn'"),
        ("cn: alice", "cn: alice, version: 2", 6, 34, "the version is 1 or 3, not '2'"),
        ("cn: alice", "cn: alice, ips: [localhost]", 6, 30, "'localhost' is not an IPv4 address"),
        ("cn: alice", "cn: &a alice", 6, 18, "anchors and aliases are not allowed; write the value out"),
        ("cn: alice", "cn: !!str alice", 6, 18, "tags are not allowed; the type follows from the key"),
        ("alice: {", "../alice: {", 6, 5, nil),
        ("alice: {", "root: {", 5, 5, "duplicate key 'root' in one mapping"),
        ("cn: alice", "cn: \(String(repeating: "x", count: 65))", 6, 18, "a common name has 1 to 64 characters; 'subject' takes others"),
        ("cn: alice", "cn: alice, subject: []", 6, 34, "'cn' and 'subject' are two ways to say the same"),
        ("cn: alice", "subject: [{ cn: a, o: b }]", 6, 24, "an attribute has one of cn, o, ou, c, uid, email"),
        ("cn: alice", "subject: [{ cn: a, as: utf7 }]", 6, 37, nil),
        ("cn: alice", "subject: [{ cn: \u{0430}, as: t61 }]", 6, 30, "'\u{0430}' is not ASCII, which t61 needs"),
        ("cn: alice", "subject: [{ cn: \u{1F511}, as: bmp }]", 6, 30, "'\u{1F511}' has characters beyond what bmp can hold"),
        ("cn: alice", "subject: [{ cn: a, times: 1000001 }]", 6, 40, "'times' is a number from 1 to 1000000, not '1000001'"),
        ("cn: alice", "subject: { cn: a }", 6, 23, nil),
        ("cn: alice", "cn: alice, dns: [\u{0430}.test]", 6, 30, "'\u{0430}.test' is not ASCII"),
        ("cn: alice", "cn: alice, path-length: 1", 6, 38, "only an authority has a path length"),
        ("cn: Root", "cn: Root, path-length: -1", 5, 36, "a path length is a number from 0 to 99, not '-1'"),
        ("cn: Root", "cn: Root, permitted: { ips: [10.0.0.0] }", 5, 41, "'10.0.0.0' is not a network such as 192.0.2.0/24"),
        ("cn: Root", "cn: Root, permitted: { hosts: [a] }", 5, 36, nil),
        ("cn: alice", "cn: alice, key-usage: [signing]", 6, 37, nil),
        ("cn: alice", "cn: alice, key-usage: []", 6, 36, "expected a list for 'key-usage', such as [one, two], or none"),
        ("cn: alice", "cn: alice, key-of: later", 6, 33, "'key-of' is to name a certificate above this one, not 'later'"),
        ("cn: alice", "cn: alice, serial-of: alice", 6, 36, nil),
        ("cn: alice", "like: later", 6, 20, "'like' is to name a certificate above this one, not 'later'"),
        ("cn: alice", "like: root, cn: ''", 6, 30, "expected text for 'cn'"),
        ("cn: alice", "cn: alice, sends: [later]", 6, 32, "'sends' is to name certificates above this one, not 'later'"),
        ("cn: alice", "cn: alice, revoked: yes", 6, 34, "expected true or false for 'revoked', not 'yes'"),
        ("cn: alice", "cn: alice, unknown: maybe", 6, 34, nil),
        ("cn: alice", "cn: alice, trust: nobody", 6, 32, "'trust' is to name a bundle of this profile, not 'nobody'"),
        ("cn: alice", "cn: alice, beside: bob", 6, 33, "'beside' is to name a certificate that is right, not 'bob'"),
        ("cn: alice", "cn: alice, wrong: A., right: B.", 6, 43, "a certificate is either right or wrong"),
        ("cn: alice", "cn: alice, openssl: maybe", 6, 34, "expected 'accepts, because …' or 'refuses: …' for 'openssl'"),
        ("cn: alice", "cn: alice, wrong: A., openssl: accepts", 6, 45, "where OpenSSL differs, 'openssl' says why: ', because …'"),
        ("cn: alice", "cn: alice, openssl: \"refuses: it\"", 6, 34, nil),
        ("trust: root", "includes: base\n  trust: root", 2, 13, "'includes' is to name a profile above this one, not 'base'"),
        ("signer: root", "signer: root\n  bundles: { client-ca: [root] }", 4, 14, nil),
        (
            "signer: root", "signer: root\n  bundles: { all: [alice] }", 4, 20,
            "a bundle holds certificates of usage authority in this profile"
        ),
        ("standard:", "{standard", 2, 8, nil),
    ])
    func `a mistake is told with its place`(old: String, new: String, line: Int, column: Int, message: String?) throws {
        let text = Self.right.replacing(old, with: new, maxReplacements: 1)
        let error = #expect(throws: PKIManifestError.self) { try PKIManifest(text: text, file: "m.yaml") }
        #expect(error?.file == "m.yaml")
        #expect(error.map { [$0.line, $0.column] } == [line, column])
        if let message { #expect(error?.message == message) }
    }

    @Test func `a profile may include another, and takes its trust over`() throws {
        let further = "\nmore:\n  includes: standard\n  certificates:\n    bob: { cn: bob, issuer: root, usage: client, lifetime: 5d }"
        #expect(try PKIManifest(text: Self.right + further, file: "m.yaml").profileNames == ["standard", "more"])
        let again = #expect(throws: PKIManifestError.self) {
            try PKIManifest(text: Self.right + further.replacing("bob:", with: "alice:"), file: "m.yaml")
        }
        #expect(again?.description == "m.yaml:10:5: error: the included profile has a certificate 'alice' already")
    }

    @Test func `one that is like another has what it does not say from there, and no word of its judgement`() throws {
        let scratch = try Scratch()
        let more = [
            "amy: { like: alice, subject: [{ cn: amy }, { o: Example }], wrong: Not alice. }",
            "bob: { like: amy, uris: [\"urn:bob\"] }",
            "carol: { like: root, cn: carol, issuer: root, path-length: 3 }",
        ]
        let text = Self.right.replacing("lifetime: 5d }", with: "lifetime: 5d, dns: [a.test], right: First. }")
        let manifest = try PKIManifest(text: ([text] + more).joined(separator: "\n    "), file: "m.yaml")
        let entries = try PKI.build(manifest: manifest, into: "\(scratch.path)/pki").entries
        #expect(entries.map(\.commonName) == ["Root", "alice", "amy", "amy", "carol"])
        #expect(entries.map(\.dns) == [[], ["a.test"], ["a.test"], ["a.test"], []])
        #expect(entries.map(\.uris) == [[], [], [], ["urn:bob"], []])
        #expect(entries.map(\.usage) == ["authority", "client", "client", "client", "authority"])
        #expect(entries.map(\.issuer) == ["root", "root", "root", "root", "root"])
        #expect(entries.map(\.wrong) == [nil, nil, "Not alice.", nil, nil])
        #expect(entries.map(\.right) == [nil, "First.", nil, nil, nil])
        #expect(entries.map(\.beside) == [nil, nil, "alice", nil, nil])
        #expect(entries.map { $0.notAfter - $0.notBefore } == [10, 5, 5, 5, 10].map { $0 * 86_400 })
    }

    @Test(arguments: ["", "- a", "standard: {}", "text"])
    func `a file that holds no profile is refused`(text: String) {
        #expect(throws: PKIManifestError.self) { try PKIManifest(text: text, file: "m.yaml") }
    }

    @Test func `a missing file is told by its name`() {
        let error = #expect(throws: PKIManifestError.self) { try PKIManifest(file: "/nowhere/pki.yaml") }
        #expect(error?.description == "/nowhere/pki.yaml: error: the manifest cannot be read")
    }
}
