extension LimboCase {
    private static let unshown = "it is not played: OpenSSL, with which the bed calls, shows no such certificate"

    /// What the leaf is for (RFC 5280 sections 4.2.1.3 and 4.2.1.12).
    static let usage: [LimboCase] = [
        leaf("rfc5280::eku::ee-wrong-eku", .refused, "The leaf is for servers.") { $0.extendedKeyUsage = [.serverAuth] },
        leaf("rfc5280::eku::ee-without-eku", .accepted, "The leaf names no purpose, so it is for any.") { $0.extendedKeyUsage = [] },
        leaf("rfc5280::eku::ee-eku-empty", .refused, "The leaf names purposes, and there are none.") {
            $0.extendedKeyUsage = []
            $0.others = [.init(object: CertificateTemplate.extendedKeyUsageObject, value: DER.sequence())]
        },
        leaf("webpki::eku::ee-anyeku", .refused, "The leaf is for anything at all.") { $0.extendedKeyUsage = [.anyExtendedKeyUsage] },
        leaf("rfc5280::no-keyusage", .accepted, "The leaf says nothing of its key's use.") { $0.keyUsage = [] },
        leaf("rfc5280::leaf-ku-keycertsign", .refused, "The leaf's key is for certificates, and it is no authority.") {
            $0.keyUsage = [.digitalSignature, .keyCertSign]
        },
        leaf("rfc5280::no-basicconstraints", .accepted, "The leaf says nothing of authorities.") { $0.basicConstraints = .absent },
    ]

    /// How extensions and fields have to be (RFC 5280 sections 4.1 and 4.2).
    static let extensions: [LimboCase] = [
        leaf("rfc5280::unknown-critical-extension-ee", .refused, "The leaf has a critical extension that nobody knows.") {
            $0.others = [.unknown(critical: true)]
        },
        .init("rfc5280::unknown-critical-extension-intermediate", .refused, "The issuer has a critical extension that nobody knows.") {
            mint in
            let root = try mint.root()
            let between = try mint.authority(root) { $0.others = [.unknown(critical: true)] }
            return LimboChain(trusted: [root], sent: [between], leaf: try mint.leaf(between))
        },
        .init("rfc5280::unknown-critical-extension-root", .refused, "The root has a critical extension that nobody knows.") { mint in
            let root = try mint.root { $0.others = [.unknown(critical: true)] }
            return LimboChain(trusted: [root], leaf: try mint.leaf(root))
        },
        .init("rfc5280::ca-empty-subject", .refused, "The root has no name.") { mint in
            let root = try mint.root { $0.subject = DistinguishedName([]) }
            return LimboChain(trusted: [root], leaf: try mint.leaf(root))
        },
        leaf("rfc5280::ee-critical-aia-invalid", .refused, "The leaf's responder is critical, which it must not be.") {
            ($0.responders, $0.criticality) = (["http://ocsp.example.com"], ["1.3.6.1.5.5.7.1.1": true])
        },
        leaf("rfc5280::duplicate-extensions", .refused, "The leaf has the same extension twice.", server: unshown) {
            let names = (try? GeneralName.dns("example.com").der()) ?? []
            $0.others = [.init(object: CertificateTemplate.namesObject, value: DER.sequence(names))]
        },
        leaf("rfc5280::san::malformed", .refused, "The leaf's names are not DER.", server: unshown) {
            ($0.names, $0.others) = ([], [.init(object: CertificateTemplate.namesObject, value: Array("example.com".utf8))])
        },
        leaf("rfc5280::san::noncritical-with-empty-subject", .refused, "The leaf has no subject, and its names are not critical.") {
            ($0.subject, $0.criticality) = (DistinguishedName([]), [CertificateTemplate.namesObject: false])
        },
        leaf("rfc5280::aki::critical-aki", .refused, "The leaf's key of its issuer is critical, which it must not be.") {
            $0.criticality = [CertificateTemplate.authorityKeyObject: true]
        },
        leaf("rfc5280::aki::leaf-missing-aki", .refused, "The leaf does not say which key has signed it.") {
            $0.hasAuthorityKeyIdentifier = false
        },
        .init("rfc5280::aki::intermediate-missing-aki", .refused, "The issuer does not say which key has signed it.") { mint in
            let root = try mint.root()
            let between = try mint.authority(root) { $0.hasAuthorityKeyIdentifier = false }
            return LimboChain(trusted: [root], sent: [between], leaf: try mint.leaf(between))
        },
        .init("rfc5280::aki::self-signed-root-missing-aki", .accepted, "A self-signed root need not say which key has signed it.") { mint in
            let root = try mint.root { $0.hasAuthorityKeyIdentifier = false }
            return LimboChain(trusted: [root], leaf: try mint.leaf(root))
        },
        leaf("rfc5280::ski::critical-ski", .refused, "The leaf's own key is critical, which it must not be.") {
            $0.criticality = [CertificateTemplate.subjectKeyObject: true]
        },
        .init("rfc5280::ski::root-missing-ski", .refused, "The root does not say which key it has.") { mint in
            let root = try mint.root { $0.hasSubjectKeyIdentifier = false }
            return LimboChain(trusted: [root], leaf: try mint.leaf(root))
        },
        leaf("rfc5280::serial::too-long", .refused, "The serial number has 22 octets, of 20 at most.", openssl: serials) {
            $0.serial = .octets([0x7F] + Array(repeating: 0x11, count: 21))
        },
        leaf("rfc5280::serial::zero", .refused, "The serial number is zero.", openssl: serials) { $0.serial = .octets([0]) },
    ]

    private static let serials = "it takes any serial number"

    /// What a revocation list has to be (RFC 5280 sections 5 and 6.3).
    static let lists: [LimboCase] = [
        list("revoked-certificate-with-crl", .refused, "The leaf is on its issuer's list.") { mint, root, leaf in
            [try mint.list(root, revoked: [leaf])]
        },
        list("certificate-not-on-crl", .accepted, "Others are on the list.") { mint, root, _ in [try mint.list(root)] },
        list("crlnumber-missing", .refused, "The list has no number.", openssl: "it does not look at the number") { mint, root, _ in
            [try mint.list(root) { $0.number = nil }]
        },
        list("crlnumber-critical", .refused, "The list's number is critical, which it must not be.") { mint, root, _ in
            [try mint.list(root) { $0.isNumberCritical = true }]
        },
        .init("crl::certificate-serial-on-crl-different-issuer", .accepted, "The leaf's serial number is on another authority's list.") {
            mint in
            let root = try mint.root()
            let other = try mint.root { $0.subject = DistinguishedName(commonName: "x509-limbo-other-root") }
            let leaf = try mint.leaf(root)
            return LimboChain(
                trusted: [root, other], leaf: leaf, lists: [try mint.list(root), try mint.list(other, revoked: [leaf])])
        },
        list("issuer-missing-crlsign", .refused, "The issuer's key is not for lists.", root: { $0.keyUsage = [.keyCertSign] }) {
            mint, root, _ in
            [try mint.list(root)]
        },
        list(
            "issuer-no-keyusage-extension", .accepted, "The issuer says nothing of its key's use, so it is for lists too.",
            openssl: "strictly, it wants an authority to say what its key is for", root: { $0.keyUsage = [] }
        ) { mint, root, _ in [try mint.list(root)] },
        list("issuer-valid-crlsign-and-keycertsign", .accepted, "The issuer's key is for certificates and lists.") { mint, root, _ in
            [try mint.list(root)]
        },
    ]

    /// Which name a peer has (RFC 9525, of servers, by analogy): to be refused where identity is decided.
    static let names: [LimboCase] = [
        named("exact-dns-san", .accepted, "The name is the one that is asked for.", [.dns("example.com")], .dns("example.com")),
        named(
            "exact-localhost-ip-san", .accepted, "The address is the one that is asked for.", [.address([127, 0, 0, 1])],
            .address("127.0.0.1")),
        named("mismatch-domain-san", .refused, "It is another host.", [.dns("example.com")], .dns("example2.com")),
        named("mismatch-subdomain-san", .refused, "It is another host below the same.", [.dns("abc.example.com")], .dns("def.example.com")),
        named("mismatch-subdomain-apex-san", .refused, "It is the host above.", [.dns("example.com")], .dns("abc.example.com")),
        named("mismatch-apex-subdomain-san", .refused, "It is a host below.", [.dns("abc.example.com")], .dns("example.com")),
        named(
            "wildcard-embedded-leftmost-san", .refused, "A star is a whole label or none.", [.dns("ba*.example.com")],
            .dns("baz.example.com"), openssl: "it lets a star stand for part of a label unless told otherwise"),
        named(
            "wildcard-not-in-leftmost-san", .refused, "A star is the first label or none.", [.dns("foo.*.example.com")],
            .dns("foo.bar.example.com")),
        named(
            "wildcard-match-across-labels-san", .refused, "A star stands for one label.", [.dns("*.example.com")],
            .dns("foo.bar.example.com")),
        named("san-wildcard-only", .refused, "A star alone is no name.", [.dns("*")], .dns("example.com")),
        .init(
            "webpki::san::no-san", .refused, "The name stands in the subject alone.",
            openssl: "it falls back on the common name where there is no other"
        ) { mint in
            let root = try mint.root()
            let leaf = try mint.leaf(root) { ($0.names, $0.subject) = ([], DistinguishedName(commonName: "example.com")) }
            return LimboChain(trusted: [root], leaf: leaf)
        },
        .init("webpki::cn::not-in-san", .refused, "The common name is the one that is asked for, and the alternative names are others.") {
            mint in
            let root = try mint.root()
            let leaf = try mint.leaf(root) {
                ($0.names, $0.subject) = ([.dns("valid.example.com")], DistinguishedName(commonName: "example.com"))
            }
            return LimboChain(trusted: [root], leaf: leaf)
        },
        .init("rfc5280::san::ip-in-dns", .refused, "The address stands where a host's name belongs.", name: .address("8.8.8.8")) { mint in
            let root = try mint.root()
            return LimboChain(trusted: [root], leaf: try mint.leaf(root) { $0.names = [.dns("8.8.8.8")] })
        },
    ]

    private static func leaf(
        _ id: String, _ expected: Expected, _ sentence: String, openssl: String? = nil, server: String? = nil,
        _ change: @escaping @Sendable (inout CertificateTemplate) -> Void
    ) -> LimboCase {
        .init(id, expected, sentence, openssl: openssl, server: server) { mint in
            let root = try mint.root()
            return LimboChain(trusted: [root], leaf: try mint.leaf(root, change))
        }
    }

    private static func named(
        _ name: String, _ expected: Expected, _ sentence: String, _ names: [GeneralName], _ peer: PeerName, openssl: String? = nil
    ) -> LimboCase {
        .init("webpki::san::\(name)", expected, sentence, name: peer, openssl: openssl) { mint in
            let root = try mint.root()
            return LimboChain(trusted: [root], leaf: try mint.leaf(root) { $0.names = names })
        }
    }

    private static func list(
        _ name: String, _ expected: Expected, _ sentence: String, openssl: String? = nil,
        root change: @escaping @Sendable (inout CertificateTemplate) -> Void = { _ in },
        _ lists: @escaping @Sendable (LimboMint, LimboNode, LimboNode) throws -> [RevocationList]
    ) -> LimboCase {
        .init("crl::\(name)", expected, sentence, openssl: openssl) { mint in
            let root = try mint.root(change)
            let leaf = try mint.leaf(root)
            return LimboChain(trusted: [root], leaf: leaf, lists: try lists(mint, root, leaf))
        }
    }
}
