import Yams

/// Reads a battery: an accepted credential, and rows that bend one thing each.
struct BatteryReader {
    let reader: SourceReader

    func battery(baseline: Node?, cases: Node) -> Battery? {
        let baseline = reader.label(baseline)
        let cases = reader.list(cases, "cases", row) ?? []
        return baseline.map { Battery(baseline: $0, cases: cases) }
    }

    private func row(_ node: Node) -> Battery.Case? {
        guard let fields = Fields(node, "a case", reader) else { return nil }
        defer { fields.end() }
        let check = reader.checkID(fields.required("check"))
        let title = reader.prose(fields.required("title"))
        let schemes = reader.oneOrMore(fields.optional("schemes"), "schemes") { reader.label($0) }
        let bend = fields.required("bend").flatMap(bend)
        let because = reader.oneOrMore(fields.required("because"), "reasons", reader.reason)
        let bites = reader.oneOrMore(fields.required("bites"), "defects") { reader.defectID($0) }
        guard let check, let title, let bend, let because, let bites else { return nil }
        return Battery.Case(
            check: check, title: title, schemes: schemes, bend: bend, because: because, bites: bites, line: node.mark?.line ?? 0)
    }

    private func bend(_ node: Node) -> Bend? {
        let forms = ["key", "claims", "header", "signature", "certificate", "presentation", "proof", "binding", "server-certificate"]
        if case .scalar = node { return reader.word(node, of: ["absent"]).map { _ in .absent } }
        guard let fields = Fields(node, "'bend'", reader) else { return nil }
        defer { fields.end() }
        let given = forms.compactMap { word in fields.optional(word).map { (word, $0) } }
        guard given.count == 1, let (word, value) = given.first else {
            reader.report(node, "'bend' needs 'absent', or exactly one of \(Fields.list(forms)): one fault a case")
            return nil
        }
        switch word {
        case "key": return reader.word(value, of: Bend.keyChanges).map(Bend.key)
        case "signature": return reader.word(value, of: Bend.signatures).map(Bend.signature)
        case "presentation": return reader.word(value, of: Bend.presentations).map(Bend.presentation)
        case "proof": return reader.word(value, of: Bend.proofs).map(Bend.proof)
        case "binding": return reader.word(value, of: Bend.bindings).map(Bend.binding)
        case "certificate": return reader.label(value).map(Bend.certificate)
        case "server-certificate": return reader.label(value).map(Bend.serverCertificate)
        case "claims": return members(value, word).map(Bend.claims)
        default: return members(value, word).map(Bend.header)
        }
    }

    /// Members with their new values as JSON text; `~` removes a member.
    private func members(_ node: Node, _ word: String) -> [String: String?]? {
        guard case .mapping(let mapping) = node, !mapping.isEmpty else {
            reader.report(node, "expected a mapping for '\(word)', such as { aud: other } or { exp: ~ }")
            return nil
        }
        var members: [String: String?] = [:]
        for (key, value) in mapping {
            guard let name = reader.text(key, "a member's name") else { continue }
            members[name] = .some(JSONText.isRemoval(value) ? nil : JSONText.text(value))
        }
        return members
    }
}
