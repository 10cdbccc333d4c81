import Yams

/// Reads the names of a certificate of a manifest, which may be hostile ones.
struct NameReader {
    let fields: ManifestFields
    let reader: ManifestReader

    /// `cn`, or `subject` for anything else than one common name that can be one.
    func subject() throws -> DistinguishedName {
        if let node = fields.optionalNode("subject") {
            if fields.optionalNode("cn") != nil { throw reader.error(node, "'cn' and 'subject' are two ways to say the same") }
            return try directory(node, "subject")
        }
        let name = try fields.text("cn")
        guard DistinguishedName.isCommonName(name) else {
            throw reader.error(try fields.node("cn"), "a common name has 1 to 64 characters; 'subject' takes others")
        }
        return DistinguishedName(commonName: name)
    }

    func alternatives() throws -> [GeneralName] {
        let addresses = try fields.texts("ips").map { text in
            guard let octets = GeneralName.octets(ofAddress: text) else {
                throw reader.error(try fields.node("ips"), "'\(text)' is not an IPv4 address")
            }
            return GeneralName.address(octets)
        }
        return try ascii("dns").map { .dns($0) } + ascii("uris").map { .uri($0) } + ascii("emails").map { .email($0) } + addresses
    }

    /// Subtrees (RFC 5280 section 4.2.1.10): `{ dns: […], uris: […], emails: […], ips: [192.0.2.0/24], directories: [[{ o: … }]] }`.
    func constraints(_ key: String) throws -> [GeneralName] {
        guard let node = fields.optionalNode(key) else { return [] }
        let inner = try ManifestFields(node, "'\(key)'", ["dns", "uris", "emails", "ips", "directories"], reader)
        let names = NameReader(fields: inner, reader: reader)
        let networks = try inner.texts("ips").map { text in
            guard let octets = GeneralName.octets(ofNetwork: text) else {
                throw reader.error(try inner.node("ips"), "'\(text)' is not a network such as 192.0.2.0/24")
            }
            return GeneralName.address(octets)
        }
        let directories = try inner.optionalNode("directories").map { node in
            guard case .sequence(let sequence) = node else { throw reader.error(node, "expected a list for 'directories'") }
            return try sequence.map { GeneralName.directory(try directory($0, "directories")) }
        }
        return try names.ascii("dns").map { .dns($0) } + names.ascii("uris").map { .uri($0) } + names.ascii("emails").map { .email($0) }
            + networks + (directories ?? [])
    }

    /// Texts that an IA5String can hold, control characters among them.
    func ascii(_ key: String) throws -> [String] {
        try fields.texts(key).map { text in
            guard text.utf8.allSatisfy({ $0 < 128 }) else { throw reader.error(try fields.node(key), "'\(text)' is not ASCII") }
            return text
        }
    }

    /// `[{ cn: alice }, { o: Tenant A, as: bmp }, { ou: x, times: 100 }]`, empty for an empty name.
    private func directory(_ node: Node, _ key: String) throws -> DistinguishedName {
        guard case .sequence(let sequence) = node else {
            throw reader.error(node, "expected a list of attributes for '\(key)', such as [{ cn: alice }, { o: Example }]")
        }
        return DistinguishedName(try sequence.map(attribute))
    }

    private func attribute(_ node: Node) throws -> DistinguishedName.Attribute {
        let kinds = DistinguishedName.Kind.allCases.map(\.rawValue)
        let inner = try ManifestFields(node, "an attribute", kinds + ["as", "times"], reader)
        let present = DistinguishedName.Kind.allCases.filter { inner.optionalNode($0.rawValue) != nil }
        guard let kind = present.first, present.count == 1 else {
            throw reader.error(node, "an attribute has one of \(kinds.joined(separator: ", "))")
        }
        let encoding: DistinguishedName.Encoding = try inner.word("as", kind == .email ? .ia5 : .utf8)
        let value = try inner.text(kind.rawValue)
        if [.printable, .t61, .ia5].contains(encoding), !value.utf8.allSatisfy({ $0 < 128 }) {
            throw reader.error(try inner.node(kind.rawValue), "'\(value)' is not ASCII, which \(encoding.rawValue) needs")
        }
        if encoding == .bmp, value.unicodeScalars.contains(where: { $0.value > 0xFFFF }) {
            throw reader.error(try inner.node(kind.rawValue), "'\(value)' has characters beyond what bmp can hold")
        }
        let times = try inner.optionalText("times").map { text in
            guard let number = Int(text), (1...1_000_000).contains(number) else {
                throw reader.error(try inner.node("times"), "'times' is a number from 1 to 1000000, not '\(text)'")
            }
            return number
        }
        return DistinguishedName.Attribute(kind: kind, value: String(repeating: value, count: times ?? 1), encoding: encoding)
    }
}
