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
            var profiles: [PKIProfile] = []
            var written: [String: CertificateReader.Written] = [:]
            for pair in try pairs(root, "the manifest, profile: { … }") {
                profiles.append(try profile(pair.name, pair.node, after: profiles, &written))
            }
            return profiles
        } catch let problem as YamlError {
            throw translated(problem)
        }
    }

    private func profile(
        _ name: String, _ node: Node, after earlier: [PKIProfile], _ written: inout [String: CertificateReader.Written]
    ) throws -> PKIProfile {
        let fields = try ManifestFields(node, "profile '\(name)'", ["includes", "trust", "signer", "bundles", "certificates"], self)
        let included = try fields.optionalText("includes").map { base in
            guard let profile = earlier.first(where: { $0.name == base }) else {
                throw error(try fields.node("includes"), "'includes' is to name a profile above this one, not '\(base)'")
            }
            return profile
        }
        var certificates = included?.certificates ?? []
        var nodes = included.flatMap { written[$0.name] } ?? [:]
        for pair in try pairs(try fields.node("certificates"), "certificates, name: { … }") {
            guard !certificates.contains(where: { $0.name == pair.name }) else {
                throw error(pair.key, "the included profile has a certificate '\(pair.name)' already")
            }
            let reader = try CertificateReader(pair, after: certificates, nodes, self)
            certificates.append(try reader.certificate())
            nodes[pair.name] = reader.written
        }
        written[name] = nodes
        func authority(_ key: String, _ inherited: String?) throws -> String {
            if let inherited, try fields.optionalText(key) == nil { return inherited }
            let value = try fields.text(key)
            if certificates.contains(where: { $0.name == value && $0.isAuthority }) { return value }
            throw error(try fields.node(key), "'\(key)' is to name a certificate of usage authority in this profile, not '\(value)'")
        }
        let profile = PKIProfile(
            name: name, trust: try authority("trust", included?.trust), signer: try authority("signer", included?.signer),
            bundles: try (included?.bundles ?? []) + bundles(fields, certificates), certificates: certificates)
        try checkReferences(profile, fields)
        return profile
    }

    private func bundles(
        _ fields: ManifestFields, _ certificates: [ManifestCertificate]
    ) throws -> [(name: String, authorities: [String])] {
        guard let node = fields.optionalNode("bundles") else { return [] }
        return try pairs(node, "bundles, name: [authority, …]").map { pair in
            guard PKI.isName(pair.name), !Self.taken.contains(pair.name), !certificates.contains(where: { $0.name == pair.name }) else {
                throw error(pair.key, "'\(pair.name)' cannot be the name of a bundle: it is no file's name, or taken")
            }
            guard case .sequence(let sequence) = pair.node, !sequence.isEmpty else {
                throw error(pair.node, "expected a list of authorities for '\(pair.name)', such as [one, two]")
            }
            let names = try sequence.map { node in
                guard let name = node.string, certificates.contains(where: { $0.name == name && $0.isAuthority }) else {
                    throw error(node, "a bundle holds certificates of usage authority in this profile")
                }
                return name
            }
            return (pair.name, names)
        }
    }

    /// What a certificate names that may stand below it.
    private func checkReferences(_ profile: PKIProfile, _ fields: ManifestFields) throws {
        let nodes = try pairs(try fields.node("certificates"), "certificates")
        for certificate in profile.certificates {
            guard let node = nodes.first(where: { $0.name == certificate.name })?.node else { continue }
            if let trust = certificate.judging.trust, !profile.bundles.contains(where: { $0.name == trust }) {
                throw error(value("trust", of: node), "'trust' is to name a bundle of this profile, not '\(trust)'")
            }
            if let beside = certificate.judging.beside {
                guard profile.certificates.contains(where: { $0.name == beside && $0.judging.wrong == nil }) else {
                    throw error(value("beside", of: node), "'beside' is to name a certificate that is right, not '\(beside)'")
                }
            }
        }
    }

    private func value(_ key: String, of node: Node) -> Node { node.mapping?[Node(key)] ?? node }

    /// Files that a PKI has beside its certificates.
    static let taken: Set<String> = ["client-ca"]

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
