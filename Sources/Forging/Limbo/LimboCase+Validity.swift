extension LimboCase {
    private static let year = 365 * 86_400

    /// From when, until when (RFC 5280 section 4.1.2.5).
    static let validity: [LimboCase] = [
        .init("rfc5280::validity::expired-root", .refused, "The root has ended.") { mint in
            try ended(mint, at: 0)
        },
        .init("rfc5280::validity::expired-intermediate", .refused, "The issuer has ended.") { mint in
            try ended(mint, at: 1)
        },
        .init("rfc5280::validity::expired-leaf", .refused, "The leaf has ended.") { mint in
            try ended(mint, at: 2)
        },
        moment("notbefore-exact", .accepted, "The first second is inside.", since: .start, 0),
        moment(
            "notafter-exact", .accepted, "The last second is inside.", since: .end, 0, openssl: "it takes the last second for outside",
            server: "BoringSSL takes the last second for outside"),
        moment("expired-1-second", .refused, "It ended a second ago.", since: .end, 1),
        moment("expired-5-seconds", .refused, "It ended five seconds ago.", since: .end, 5),
        moment("not-yet-valid-1-second", .refused, "It begins in a second.", since: .start, -1),
        moment("not-yet-valid-5-seconds", .refused, "It begins in five seconds.", since: .start, -5),
    ]

    private enum Edge { case start, end }

    /// All three certificates are valid for the same 31 days, and the moment is so many seconds after an edge.
    private static func moment(
        _ name: String, _ expected: Expected, _ sentence: String, since edge: Edge, _ seconds: Int, openssl: String? = nil,
        server: String? = nil
    ) -> LimboCase {
        .init("rfc5280::validity::\(name)", expected, sentence, openssl: openssl, server: server) { mint in
            let (start, end) = (mint.now, mint.now + 31 * 86_400)
            let change: (inout CertificateTemplate) -> Void = { ($0.notBefore, $0.notAfter) = (start, end) }
            let root = try mint.root(change)
            let between = try mint.authority(root, change)
            return LimboChain(
                trusted: [root], sent: [between], leaf: try mint.leaf(between, change), time: (edge == .start ? start : end) + seconds)
        }
    }

    private static func ended(_ mint: LimboMint, at place: Int) throws -> LimboChain {
        func end(_ own: Int) -> (inout CertificateTemplate) -> Void {
            { template in
                if own == place { (template.notBefore, template.notAfter) = (mint.now - 2 * year, mint.now - year) }
            }
        }
        let root = try mint.root(end(0))
        let between = try mint.authority(root, end(1))
        return LimboChain(trusted: [root], sent: [between], leaf: try mint.leaf(between, end(2)))
    }
}
