import Yams

/// Reads one certificate of a manifest.
struct CertificateReader {
    /// What each certificate of a profile says, what it says by being like another included.
    typealias Written = [String: [String: Node]]

    private static let known = [
        "like", "cn", "subject", "uris", "dns", "ips", "emails", "issuer", "usage", "version", "key", "key-of", "serial-of", "starts",
        "lifetime",
        "basic-constraints", "path-length", "key-usage", "extended-key-usage", "permitted", "excluded", "crl-urls", "ocsp-urls", "unknown",
        "hash", "tampered", "sends", "revoked", "for", "trust", "host", "right", "wrong", "beside", "openssl", "authbed",
    ]

    /// What is said of one alone.
    private static let own: Set<String> = ["like", "wrong", "right", "beside", "openssl", "authbed"]

    private let name: String
    private let like: String?
    private let fields: ManifestFields
    private let names: NameReader
    private let earlier: [ManifestCertificate]
    private let reader: ManifestReader

    init(
        _ pair: (name: String, key: Node, node: Node), after earlier: [ManifestCertificate], _ written: Written, _ reader: ManifestReader
    ) throws {
        guard PKI.isName(pair.name) else {
            throw reader.error(
                pair.key, "a certificate's name has lower-case letters, digits and hyphens, a letter first, not '\(pair.name)'")
        }
        guard !ManifestReader.taken.contains(pair.name) else {
            throw reader.error(pair.key, "the name '\(pair.name)' is taken by the file of what servers trust")
        }
        name = pair.name
        let what = "certificate '\(pair.name)'"
        let alone = try ManifestFields(pair.node, what, Self.known, reader)
        like = try alone.optionalText("like")
        var inherited: [String: Node] = [:]
        if let like {
            guard let node = written[like] else {
                throw reader.error(try alone.node("like"), "'like' is to name a certificate above this one, not '\(like)'")
            }
            inherited = node.filter { !Self.own.contains($0.key) }
            // Two ways to say the same: the one said here counts.
            for (said, other) in [("cn", "subject"), ("subject", "cn")] where alone.optionalNode(said) != nil { inherited[other] = nil }
        }
        fields = try ManifestFields(pair.node, what, Self.known, reader, inherited: inherited)
        names = NameReader(fields: fields, reader: reader)
        self.earlier = earlier
        self.reader = reader
    }

    /// For those that are like this one.
    var written: [String: Node] { fields.values }

    func certificate() throws -> ManifestCertificate {
        let issuer = try fields.text("issuer")
        guard issuer == "self" || earlier.contains(where: { $0.name == issuer }) else {
            throw reader.error(try fields.node("issuer"), "the issuer is 'self' or a certificate above this one, not '\(issuer)'")
        }
        let template = try template()
        return ManifestCertificate(
            name: name, issuer: issuer == "self" ? nil : issuer, key: try fields.word("key", .p256),
            shared: .init(key: try above("key-of"), serial: try above("serial-of")),
            starts: try fields.duration("starts", -60, signed: true), lifetime: try fields.duration("lifetime", nil, signed: false),
            template: template, sends: try sends(), isRevoked: try fields.flag("revoked"), judging: try judging(template.usage))
    }

    private func template() throws -> CertificateTemplate {
        var template = CertificateTemplate(
            subject: try names.subject(), names: try names.alternatives(), usage: try fields.word("usage", nil))
        template.version = try fields.optionalText("version").map { try version($0) } ?? 3
        template.digest = try fields.word("hash", .sha256)
        template.basicConstraints = try basicConstraints(template.usage)
        template.keyUsage = try fields.words("key-usage")
        template.extendedKeyUsage = try fields.words("extended-key-usage")
        template.permitted = try names.constraints("permitted")
        template.excluded = try names.constraints("excluded")
        template.revocationLists = try names.ascii("crl-urls")
        template.responders = try names.ascii("ocsp-urls")
        if let criticality = try fields.optionalWord("unknown", as: Criticality.self) {
            template.others = [.unknown(critical: criticality == .critical)]
        }
        template.isTampered = try fields.flag("tampered")
        return template
    }

    private enum Criticality: String, CaseIterable {
        case critical
        case nonCritical = "non-critical"
    }

    private func version(_ text: String) throws -> Int {
        guard let version = Int(text), [1, 3].contains(version) else {
            throw reader.error(try fields.node("version"), "the version is 1 or 3, not '\(text)'")
        }
        return version
    }

    private enum Constraints: String, CaseIterable { case absent, leaf, authority }

    private func basicConstraints(_ usage: CertificateTemplate.Usage) throws -> CertificateTemplate.BasicConstraints? {
        let word = try fields.optionalWord("basic-constraints", as: Constraints.self)
        let length = try fields.optionalText("path-length").map { text in
            guard let length = Int(text), (0...99).contains(length), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
                throw reader.error(try fields.node("path-length"), "a path length is a number from 0 to 99, not '\(text)'")
            }
            return length
        }
        if length != nil, word.map({ $0 != .authority }) ?? !usage.isAuthority {
            throw reader.error(try fields.node("path-length"), "only an authority has a path length")
        }
        return switch word {
        case .absent: .absent
        case .leaf: .leaf
        case .authority: .authority(pathLength: length)
        case nil: length.map { .authority(pathLength: $0) }
        }
    }

    private func judging(_ usage: CertificateTemplate.Usage) throws -> ManifestCertificate.Judging {
        let openssl = try fields.optionalText("openssl").map { text in
            guard let expectation = OpenSSLExpectation(text: Self.sentence(text)) else {
                throw reader.error(try fields.node("openssl"), "expected 'accepts, because …' or 'refuses: …' for 'openssl'")
            }
            return expectation
        }
        let (wrong, right) = (try fields.optionalText("wrong").map(Self.sentence), try fields.optionalText("right").map(Self.sentence))
        if wrong != nil, right != nil { throw reader.error(try fields.node("right"), "a certificate is either right or wrong") }
        if wrong != nil
            ? openssl?.words == nil && openssl?.because == nil && openssl != nil : openssl?.words != nil && openssl?.because == nil
        {
            throw reader.error(try fields.node("openssl"), "where OpenSSL differs, 'openssl' says why: ', because …'")
        }
        let own = try fields.optionalText("authbed")
        if let own, !own.hasPrefix(wrong == nil ? "refuses, because " : "accepts, because ") {
            throw reader.error(
                try fields.node("authbed"), "expected 'refuses, because …' of a right certificate, 'accepts, because …' of a wrong one")
        }
        let side: PKIEntry.Side =
            switch usage {
            case .authority, .plainAuthority: .authority
            case .client: .client
            case .server: .server
            case .responder: .responder
            }
        return ManifestCertificate.Judging(
            side: try fields.word("for", side), wrong: wrong, right: right,
            beside: try fields.optionalText("beside") ?? (wrong == nil ? nil : like), openssl: openssl, authbed: own,
            trust: try fields.optionalText("trust"), host: try fields.optionalText("host"))
    }

    private func above(_ key: String) throws -> String? {
        guard let value = try fields.optionalText(key) else { return nil }
        guard earlier.contains(where: { $0.name == value }) else {
            throw reader.error(try fields.node(key), "'\(key)' is to name a certificate above this one, not '\(value)'")
        }
        return value
    }

    private func sends() throws -> [String] {
        try fields.texts("sends").map { value in
            guard earlier.contains(where: { $0.name == value }) else {
                throw reader.error(try fields.node("sends"), "'sends' is to name certificates above this one, not '\(value)'")
            }
            return value
        }
    }

    private static func sentence(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
