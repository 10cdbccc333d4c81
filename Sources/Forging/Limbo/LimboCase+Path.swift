extension LimboCase {
    /// Who is an authority, and how many may follow one another (RFC 5280 sections 4.2.1.9 and 6.1.4).
    static let path: [LimboCase] = [
        .init("pathlen::ee-with-intermediate-pathlen-0", .accepted, "A leaf follows an authority that no authority may follow.") { mint in
            try chain(mint, lengths: [0])
        },
        .init("pathlen::ee-with-intermediate-pathlen-1", .accepted, "A leaf follows an authority that one more may follow.") { mint in
            try chain(mint, lengths: [1])
        },
        .init("pathlen::ee-with-intermediate-pathlen-2", .accepted, "A leaf follows an authority that two more may follow.") { mint in
            try chain(mint, lengths: [2])
        },
        .init("pathlen::intermediate-violates-pathlen-0", .refused, "An authority follows one that none may follow.") { mint in
            try chain(mint, lengths: [0, 0])
        },
        .init(
            "pathlen::intermediate-pathlen-may-increase", .accepted,
            "A path length may be greater than the one above, and does not count then."
        ) { mint in try chain(mint, lengths: [1, 2]) },
        .init("pathlen::intermediate-pathlen-too-long", .refused, "A third authority follows a second that none may follow.") { mint in
            try chain(mint, lengths: [1, 0, 0])
        },
        .init("pathlen::self-issued-certs-pathlen", .accepted, "An authority's certificate for itself does not count.") { mint in
            let root = try mint.root()
            let name = DistinguishedName(commonName: "x509-limbo-self-issued")
            let first = try mint.authority(root) { ($0.subject, $0.basicConstraints) = (name, .authority(pathLength: 1)) }
            let second = try mint.authority(first) { ($0.subject, $0.basicConstraints) = (name, .authority(pathLength: 1)) }
            let third = try mint.authority(second) { $0.basicConstraints = .authority(pathLength: 0) }
            return LimboChain(trusted: [root], sent: [first, second, third], leaf: try mint.leaf(third))
        },
        .init("pathlen::max-chain-depth-0", .accepted, "Nothing stands between, and nothing may.", intermediates: 0) { mint in
            try chain(mint, lengths: [])
        },
        .init(
            "pathlen::max-chain-depth-0-exhausted", .refused, "One stands between, and none may.", intermediates: 0,
            server: "it is not played: no caller of the bed would be let in beside it"
        ) { mint in
            try chain(mint, lengths: [nil])
        },
        .init("pathlen::max-chain-depth-1", .accepted, "One stands between, and one may.", intermediates: 1) { mint in
            try chain(mint, lengths: [nil])
        },
        .init("pathlen::max-chain-depth-1-exhausted", .refused, "Two stand between, and one may.", intermediates: 1) { mint in
            try chain(mint, lengths: [nil, nil])
        },
        .init("rfc5280::chain-untrusted-root", .refused, "The root is sent along, and another is trusted.") { mint in
            let root = try mint.root()
            let between = try mint.authority(root)
            let other = try mint.root { $0.subject = DistinguishedName(commonName: "x509-limbo-unrelated-root") }
            return LimboChain(trusted: [other], sent: [between, root], leaf: try mint.leaf(between))
        },
        .init("rfc5280::intermediate-ca-without-ca-bit", .refused, "The issuer says that it is no authority.") { mint in
            try chain(mint) { $0.basicConstraints = .leaf }
        },
        .init("rfc5280::intermediate-ca-missing-basic-constraints", .refused, "The issuer does not say that it is an authority.") { mint in
            try chain(mint) { $0.basicConstraints = .absent }
        },
        .init("rfc5280::root-missing-basic-constraints", .refused, "The root does not say that it is an authority.") { mint in
            let root = try mint.root { $0.basicConstraints = .absent }
            return LimboChain(trusted: [root], leaf: try mint.leaf(root))
        },
        .init("rfc5280::root-inconsistent-ca-extensions", .refused, "The root is an authority, and its key is not for certificates.") {
            mint in
            let root = try mint.root { $0.keyUsage = [.digitalSignature] }
            return LimboChain(trusted: [root], leaf: try mint.leaf(root))
        },
        .init("rfc5280::ica-ku-keycertsign", .refused, "The issuer has a path length, and its key is not for certificates.") { mint in
            try chain(mint) { ($0.basicConstraints, $0.keyUsage) = (.authority(pathLength: 0), [.digitalSignature]) }
        },
        .init(
            "rfc5280::root-and-intermediate-swapped", .accepted, "The issuer is trusted, and the root above it only sent.",
            openssl: "it goes on to a self-signed certificate unless partial chains are allowed, as a server that trusts an issuer would",
            server: "it has no setting for partial chains: SwiftNIO SSL sets none"
        ) { mint in
            let root = try mint.root()
            let between = try mint.authority(root)
            return LimboChain(trusted: [between], sent: [root], leaf: try mint.leaf(between))
        },
    ]

    /// Root, authorities with path lengths, and a leaf.
    private static func chain(_ mint: LimboMint, lengths: [Int?]) throws -> LimboChain {
        let root = try mint.root()
        var sent: [LimboNode] = []
        for length in lengths {
            sent.append(try mint.authority(sent.last ?? root) { $0.basicConstraints = .authority(pathLength: length) })
        }
        return LimboChain(trusted: [root], sent: sent, leaf: try mint.leaf(sent.last ?? root))
    }

    /// Root, one authority that is changed, and a leaf.
    private static func chain(_ mint: LimboMint, _ change: (inout CertificateTemplate) -> Void) throws -> LimboChain {
        let root = try mint.root()
        let between = try mint.authority(root, change)
        return LimboChain(trusted: [root], sent: [between], leaf: try mint.leaf(between))
    }
}
