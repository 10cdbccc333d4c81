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

    @Test func `the project's manifest has its two profiles`() throws {
        #expect(try PKIManifest(file: Scratch.manifest).profileNames == ["standard", "article"])
    }

    @Test(arguments: [
        ("trust: root", "trust: nobody", 2, 10, "'trust' is to name a certificate of usage authority in this profile, not 'nobody'"),
        ("signer: root", "signer: alice", 3, 11, "'signer' is to name a certificate of usage authority in this profile, not 'alice'"),
        ("usage: client", "usage: klient", 6, 46, "expected one of authority, plain-authority, client, server for 'usage', not 'klient'"),
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
        ("standard:", "{standard", 2, 8, nil),
    ])
    func `a mistake is told with its place`(old: String, new: String, line: Int, column: Int, message: String?) throws {
        let text = Self.right.replacing(old, with: new, maxReplacements: 1)
        let error = #expect(throws: PKIManifestError.self) { try PKIManifest(text: text, file: "m.yaml") }
        #expect(error?.file == "m.yaml")
        #expect(error.map { [$0.line, $0.column] } == [line, column])
        if let message { #expect(error?.message == message) }
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
