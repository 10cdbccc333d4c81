extension LimboCase {
    private static let network: [UInt8] = [192, 0, 2, 0, 255, 255, 255, 0]
    private static let loopback6: [UInt8] = Array(repeating: 0, count: 15) + [1]
    private static let addresses = "BoringSSL knows no constraints on addresses, and refuses whoever is held to one"
    private static let foo = DistinguishedName(commonName: "foo")
    private static let notFoo = DistinguishedName(commonName: "not-foo")

    /// For whom an authority may issue (RFC 5280 section 4.2.1.10).
    static let constraints: [LimboCase] = [
        root("permitted-dns-match", .accepted, "The leaf's host is the permitted one.", permitted: [.dns("example.com")]),
        root(
            "permitted-dns-mismatch", .refused, "The leaf's host only ends in the letters of the permitted one.",
            permitted: [.dns("example.com")], name: .dns("not-example.com"), [.dns("not-example.com")]),
        root(
            "permitted-dns-match-more", .accepted, "Labels before the permitted host are fine.", permitted: [.dns("example.com")],
            name: .dns("foo.bar.example.com"), [.dns("foo.bar.example.com")]),
        .init(
            "rfc5280::nc::permitted-dns-match-noncritical", .refused, "The constraint is not critical, as it must be.",
            openssl: "it does not ask whether constraints are critical"
        ) { mint in
            let root = try mint.root {
                ($0.permitted, $0.criticality) = ([.dns("example.com")], [CertificateTemplate.constraintsObject: false])
            }
            return LimboChain(trusted: [root], leaf: try mint.leaf(root))
        },
        .init("rfc5280::nc::excluded-dns-match", .refused, "The issuer may not issue for the leaf's host.") { mint in
            try below(mint) { $0.excluded = [.dns("example.com")] }
        },
        root(
            "excluded-dns-match-second", .refused, "The leaf's second host is excluded.", excluded: [.dns("not-allowed.example.com")],
            [.dns("example.com"), .dns("not-allowed.example.com")]),
        root(
            "permitted-ip-mismatch", .refused, "The leaf's address is outside the permitted network.", permitted: [.address(network)],
            name: .address("192.0.3.1"), [.address([192, 0, 3, 1])]),
        root(
            "permitted-ipv4-match", .accepted, "The leaf's address is in the permitted network.", permitted: [.address(network)],
            server: addresses, name: .address("192.0.2.1"), [.address([192, 0, 2, 1])]),
        root(
            "excluded-ipv4-match", .refused, "The leaf's address is in the excluded network.", excluded: [.address(network)],
            name: .address("192.0.2.1"), [.address([192, 0, 2, 1])]),
        root(
            "permitted-ipv6-match", .accepted, "The leaf's address is the permitted one.",
            permitted: [.address(loopback6 + Array(repeating: 255, count: 16))], server: addresses, name: .address("::1"),
            [.address(loopback6)]),
        root(
            "excluded-ipv6-match", .refused, "The leaf's address is the excluded one.",
            excluded: [.address(loopback6 + Array(repeating: 255, count: 16))], name: .address("::1"), [.address(loopback6)]),
        root(
            "permitted-dn-match", .accepted, "The leaf's subject is the permitted one.", permitted: [.directory(foo)], subject: foo,
            [.directory(foo), .dns("example.com")]),
        root(
            "permitted-dn-mismatch", .refused, "The leaf's subject is not the permitted one.", permitted: [.directory(foo)],
            subject: notFoo, [.directory(notFoo), .dns("example.com")]),
        root(
            "excluded-dn-match", .refused, "The leaf's subject is the excluded one.", excluded: [.directory(foo)], subject: foo,
            [.directory(foo), .dns("example.com")]),
        root(
            "permitted-dn-match-subject-san-mismatch", .refused, "The leaf's directory name is permitted and its subject is not.",
            permitted: [.directory(foo)], subject: notFoo, [.directory(foo), .dns("example.com")]),
        root(
            "excluded-dn-match-sub-mismatch", .refused, "The leaf's directory name is excluded and its subject is not.",
            excluded: [.directory(foo)], subject: notFoo, [.directory(foo), .dns("example.com")]),
        .init("rfc5280::nc::permitted-self-issued", .accepted, "An authority's certificate for itself is not held to the constraint.") {
            mint in
            let own = DistinguishedName(commonName: "not-example.com")
            let root = try mint.root {
                ($0.subject, $0.names, $0.permitted) = (own, [.dns("not-example.com")], [.dns("example.com")])
            }
            let between = try mint.authority(root) { ($0.subject, $0.names) = (own, [.dns("not-example.com")]) }
            return LimboChain(trusted: [root], sent: [between], leaf: try mint.leaf(between))
        },
        root(
            "excluded-match-permitted-and-excluded", .refused, "What is both permitted and excluded is excluded.",
            permitted: [.dns("example.com")], excluded: [.dns("example.com")]),
        root(
            "permitted-different-constraint-type", .accepted, "A network is permitted, which says nothing of hosts.",
            permitted: [.address(network)]),
        root(
            "excluded-different-constraint-type", .accepted, "A network is excluded, which says nothing of hosts.",
            excluded: [.address(network)]),
        root(
            "invalid-dnsname-wildcard", .refused, "A constraint has a star, which it cannot have.", permitted: [.dns("*.example.com")],
            name: .dns("foo.example.com"), [.dns("foo.example.com")]),
        root(
            "invalid-dnsname-leading-period", .refused, "A host's constraint begins with a dot, which only a URI's may.",
            permitted: [.dns(".example.com")], openssl: "it takes the dot for 'below this host'", name: .dns("foo.example.com"),
            [.dns("foo.example.com")]),
        root(
            "invalid-ipv4-address", .refused, "A constraint has an address and no mask.", permitted: [.address([127, 0, 0, 1])],
            name: .address("127.0.0.1"), [.address([127, 0, 0, 1])]),
        .init(
            "rfc5280::nc::not-allowed-in-ee-critical", .refused, "The leaf has a constraint, which only an authority may.",
            openssl: "it does not look for constraints in a leaf"
        ) { mint in
            let root = try mint.root()
            return LimboChain(trusted: [root], leaf: try mint.leaf(root) { $0.permitted = [.dns("example.com")] })
        },
        .init("rfc5280::nc::intermediate-with-san-rejected-by-root-nc", .refused, "The issuer's own host is excluded by the root.") {
            mint in
            let root = try mint.root { ($0.permitted, $0.excluded) = ([.dns("example.com")], [.dns("forbidden.example.com")]) }
            let between = try mint.authority(root) { $0.names = [.dns("forbidden.example.com")] }
            return LimboChain(trusted: [root], sent: [between], leaf: try mint.leaf(between))
        },
        narrowing(
            "narrows", first: [.dns("foo.example.com"), .dns("bar.example.com")], second: [.dns("bar.example.com")],
            "The second authority is held to less than the first."),
        narrowing(
            "widens", first: [.dns("bar.example.com")], second: [.dns("foo.example.com"), .dns("bar.example.com")],
            "The second authority cannot permit what the first does not."),
    ]

    /// The same for e-mail addresses: x509-limbo's own cases for clients.
    static let emailConstraints: [LimboCase] = [
        email("nc-permits-email-exact", .accepted, "The address is the permitted one.", "foo@example.com", "foo@example.com"),
        email("nc-permits-email-domain", .accepted, "The address is at the permitted host.", "example.com", "foo@example.com"),
        email("invalid-email-address", .refused, "A constraint has two at signs.", "invalid@invalid@example.com", "example@example.com"),
        email(
            "nc-permits-invalid-email-san", .refused, "The second address has two at signs.", "example.com", "good@example.com",
            further: ["invalid@address@example.com"], openssl: "it looks for the last at sign only"),
        email(
            "nc-permits-email-literal-asterisk-exact-match", .accepted, "A star in an address is a letter like any.", "*@example.com",
            "*@example.com"),
        email(
            "nc-permits-email-literal-asterisk-rejects-user", .refused, "A star in a constraint stands for itself alone.", "*@example.com",
            "user@example.com"),
        email(
            "nc-permits-email-literal-asterisk-rejects-subdomain", .refused, "A star does not reach to another host.", "*@example.com",
            "*@subdomain.example.com"),
        email(
            "nc-permits-email-literal-double-asterisk", .accepted, "Two stars in an address are letters like any.", "**@example.com",
            "**@example.com"),
        email(
            "nc-permits-email-literal-double-asterisk-rejects-single", .refused, "One star is not two.", "**@example.com", "*@example.com"),
        email(
            "nc-permits-email-literal-mid-asterisk", .accepted, "A star behind letters is a letter like any.", "user*@example.com",
            "user*@example.com"),
    ]

    /// A leaf right below a root that is constrained.
    private static func root(
        _ name: String, _ expected: Expected, _ sentence: String, permitted: [GeneralName] = [], excluded: [GeneralName] = [],
        openssl: String? = nil, server: String? = nil, subject: DistinguishedName? = nil, name peer: PeerName = .dns("example.com"),
        _ names: [GeneralName] = [.dns("example.com")]
    ) -> LimboCase {
        .init("rfc5280::nc::\(name)", expected, sentence, name: peer, openssl: openssl, server: server) { mint in
            let root = try mint.root { ($0.permitted, $0.excluded) = (permitted, excluded) }
            let leaf = try mint.leaf(root) { ($0.names, $0.subject) = (names, subject ?? $0.subject) }
            return LimboChain(trusted: [root], leaf: leaf)
        }
    }

    private static func below(_ mint: LimboMint, _ change: (inout CertificateTemplate) -> Void) throws -> LimboChain {
        let root = try mint.root()
        let between = try mint.authority(root, change)
        return LimboChain(trusted: [root], sent: [between], leaf: try mint.leaf(between))
    }

    private static func narrowing(_ name: String, first: [GeneralName], second: [GeneralName], _ sentence: String) -> LimboCase {
        .init("rfc5280::nc::restrictive-permits-in-intermediates-\(name)", .refused, sentence, name: .dns("foo.example.com")) { mint in
            let root = try mint.root()
            let one = try mint.authority(root) { $0.permitted = first }
            let two = try mint.authority(one) { $0.permitted = second }
            return LimboChain(trusted: [root], sent: [one, two], leaf: try mint.leaf(two) { $0.names = [.dns("foo.example.com")] })
        }
    }

    private static func email(
        _ name: String, _ expected: Expected, _ sentence: String, _ constraint: String, _ address: String, further: [String] = [],
        openssl: String? = nil
    ) -> LimboCase {
        .init("rfc5280::nc::\(name)", expected, sentence, name: .email(address), openssl: openssl) { mint in
            let root = try mint.root()
            let between = try mint.authority(root) { $0.permitted = [.email(constraint)] }
            let leaf = try mint.leaf(between) { $0.names = ([address] + further).map { .email($0) } }
            return LimboChain(trusted: [root], sent: [between], leaf: leaf)
        }
    }
}
