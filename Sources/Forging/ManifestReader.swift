import Yams

/// Reads a manifest's YAML. A scalar is text until a field says what it is.
struct ManifestReader {
    static let sizeLimit = 256 * 1024
    let file: String

    func profiles(_ text: String) throws -> [PKIProfile] {
        guard text.utf8.count <= Self.sizeLimit else { throw error(1, 1, "the manifest is larger than \(Self.sizeLimit / 1024) KiB") }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        do {
            guard let root = try Parser(yaml: text, encoding: .utf8).singleRoot() else { throw error(1, 1, "the manifest is empty") }
            try refuseAnchors(root, lines)
            return try pairs(root, "the manifest, profile: { … }").map { try profile($0.name, $0.node) }
        } catch let problem as YamlError {
            throw translated(problem)
        }
    }

    private func profile(_ name: String, _ node: Node) throws -> PKIProfile {
        let fields = try ManifestFields(node, "profile '\(name)'", ["trust", "signer", "certificates"], self)
        var certificates: [ManifestCertificate] = []
        for pair in try pairs(try fields.node("certificates"), "certificates, name: { … }") {
            certificates.append(try certificate(pair, after: certificates))
        }
        func authority(_ key: String) throws -> String {
            let value = try fields.text(key)
            if certificates.contains(where: { $0.name == value && $0.isAuthority }) { return value }
            throw error(try fields.node(key), "'\(key)' is to name a certificate of usage authority in this profile, not '\(value)'")
        }
        return PKIProfile(name: name, trust: try authority("trust"), signer: try authority("signer"), certificates: certificates)
    }

    private func certificate(
        _ pair: (name: String, key: Node, node: Node), after earlier: [ManifestCertificate]
    ) throws -> ManifestCertificate {
        guard PKI.isName(pair.name) else {
            throw error(pair.key, "a certificate's name has lower-case letters, digits and hyphens, a letter first, not '\(pair.name)'")
        }
        // Files that a PKI has beside its certificates.
        guard pair.name != "client-ca" else { throw error(pair.key, "the name 'client-ca' is taken by the file of what servers trust") }
        let known = ["cn", "uris", "dns", "ips", "issuer", "usage", "version", "key", "starts", "lifetime", "wrong"]
        let fields = try ManifestFields(pair.node, "certificate '\(pair.name)'", known, self)
        let issuer = try fields.text("issuer")
        guard issuer == "self" || earlier.contains(where: { $0.name == issuer }) else {
            throw error(try fields.node("issuer"), "the issuer is 'self' or a certificate above this one, not '\(issuer)'")
        }
        let addresses = try fields.texts("ips")
        for address in addresses where AlternativeNames.octets(ofAddress: address) == nil {
            throw error(try fields.node("ips"), "'\(address)' is not an IPv4 address")
        }
        return ManifestCertificate(
            name: pair.name, commonName: try fields.text("cn"), uris: try fields.texts("uris"), dns: try fields.texts("dns"),
            addresses: addresses, issuer: issuer == "self" ? nil : issuer, usage: try fields.word("usage", nil),
            version: try fields.optionalText("version").map { try version($0, fields) } ?? 3, key: try fields.word("key", .p256),
            starts: try fields.duration("starts", -60, signed: true), lifetime: try fields.duration("lifetime", nil, signed: false),
            wrong: try fields.optionalText("wrong").map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") })
    }

    private func version(_ text: String, _ fields: ManifestFields) throws -> Int {
        guard let version = Int(text), [1, 3].contains(version) else {
            throw error(try fields.node("version"), "the version is 1 or 3, not '\(text)'")
        }
        return version
    }

    func pairs(_ node: Node, _ what: String) throws -> [(name: String, key: Node, node: Node)] {
        guard case .mapping(let mapping) = node, !mapping.isEmpty else { throw error(node, "expected a mapping for \(what)") }
        return try mapping.map { key, value in
            guard case .scalar(let scalar) = key else { throw error(key, "expected a word as the key") }
            return (scalar.string, key, value)
        }
    }

    func error(_ node: Node, _ message: String) -> PKIManifestError {
        error(node.mark?.line ?? 1, node.mark?.column ?? 1, message)
    }

    private func error(_ line: Int, _ column: Int, _ message: String) -> PKIManifestError {
        PKIManifestError(file: file, line: line, column: column, message: message)
    }

    /// Anchors and tags stand where their node begins, and no other node can begin with their signs.
    private func refuseAnchors(_ node: Node, _ lines: [Substring]) throws {
        if let mark = node.mark, lines.indices.contains(mark.line - 1) {
            let sign = lines[mark.line - 1].unicodeScalars.dropFirst(mark.column - 1).first
            if sign == "&" || sign == "*" { throw error(node, "anchors and aliases are not allowed; write the value out") }
            if sign == "!" { throw error(node, "tags are not allowed; the type follows from the key") }
        }
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                try refuseAnchors(key, lines)
                try refuseAnchors(value, lines)
            }
        case .sequence(let sequence): for node in sequence { try refuseAnchors(node, lines) }
        case .scalar, .alias: break
        }
    }

    private func translated(_ problem: YamlError) -> PKIManifestError {
        switch problem {
        case .scanner(_, let words, let mark, _), .parser(_, let words, let mark, _), .composer(_, let words, let mark, _):
            error(mark.line, mark.column, "not YAML: \(words)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            error(
                context.mark.line, context.mark.column,
                "duplicate key \(duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")) in one mapping")
        case .reader(let words, _, _, _): error(1, 1, "not YAML: \(words)")
        default: error(1, 1, "not YAML: \(problem)")
        }
    }
}

extension ManifestCertificate {
    var isAuthority: Bool { usage == .authority || usage == .plainAuthority }
}
