import Yams

/// Reads what a case bends: one thing, or a list of things of which each is a call of its own.
struct BendReader {
    let reader: SourceReader

    private static let forms =
        [
            "key", "claims", "header", "signature", "attack", "audience", "issuer", "certificate", "limbo", "moment",
            "handshake", "forwarded", "presentation", "proof", "binding", "health", "scopes",
            "request", "body", "tool", "unauthenticated", "session", "tenant", "timing", "octets", "introspection", "key-set", "ocsp",
        ] + IssuerAct.Place.allCases.map(\.rawValue) + PeerChange.Part.allCases.map(\.rawValue)
        + Bend.ListChange.Caller.allCases.map(\.rawValue)

    func bends(_ node: Node) -> [Bend]? {
        guard case .sequence(let sequence) = node else { return one(node) }
        if sequence.isEmpty { reader.report(node, "expected at least one thing to bend") }
        return sequence.compactMap(one).flatMap { $0 }
    }

    private func one(_ node: Node) -> [Bend]? {
        if case .scalar = node { return reader.word(node, of: ["absent", "nothing"]).map { [$0 == "absent" ? .absent : .nothing] } }
        guard let fields = Fields(node, "'bend'", reader) else { return nil }
        defer { fields.end() }
        let given = Self.forms.compactMap { word in fields.optional(word).map { (word, $0) } }
        guard given.count == 1, let (word, value) = given.first else {
            // A word that is not known is told by itself.
            if given.isEmpty, fields.hasOthers(than: Self.forms) { return nil }
            let found = given.map { "'\($0.0)'" }.joined(separator: " and ")
            reader.report(
                node,
                given.isEmpty
                    ? "'bend' needs 'absent', 'nothing', or exactly one of \(Fields.list(Self.forms))" : "one fault a case, not \(found)")
            return nil
        }
        if let place = IssuerAct.Place(rawValue: word) {
            return reader.oneOrMore(value, "words") { reader.word($0, of: place.words) }?.map { .issuing(IssuerAct(place: place, how: $0)) }
        }
        if let part = PeerChange.Part(rawValue: word) {
            return reader.oneOrMore(value, "words") { reader.word($0, of: part.words) }?.map { .peer(PeerChange(part: part, how: $0)) }
        }
        switch word {
        case "certificate": return names(value, Bend.certificate)
        case "moment": return reader.oneOrMore(value, "ids of cases") { reader.text($0, "an id") }?.map(Bend.moment)
        case "limbo": return reader.oneOrMore(value, "ids of cases") { reader.text($0, "an id") }?.map(Bend.limbo)
        case "timing": return timing(value).map { [.timing($0)] }
        case "scopes": return reader.list(value, "scopes") { reader.text($0, "a scope") }.map { [.scopes($0)] }
        case "tool": return reader.oneOrMore(value, "names") { reader.text($0, "a tool's name") }?.map(Bend.tool)
        case "claims": return several(value) { members($0, word) }?.map(Bend.claims)
        case "header": return several(value) { members($0, word) }?.map(Bend.header)
        case "request": return several(value, request)?.map(Bend.request)
        default:
            if let caller = Bend.ListChange.Caller(rawValue: word) {
                return reader.oneOrMore(value, "lists") { reader.word($0, of: Bend.lists) }?.map { .list(.init(caller: caller, list: $0)) }
            }
            return words(word, value)
        }
    }

    private func timing(_ node: Node) -> Bend.Timing? {
        guard let fields = Fields(node, "'timing'", reader) else { return nil }
        defer { fields.end() }
        return reader.whole(fields.required("blocks"), in: 60...1_000_000).map { Bend.Timing(blocks: $0) }
    }

    private func words(_ word: String, _ value: Node) -> [Bend]? {
        let (known, make): ([String], (String) -> Bend) =
            switch word {
            case "key": (Bend.keyChanges, Bend.key)
            case "signature": (Bend.signatures, Bend.signature)
            case "attack": (Bend.attacks, Bend.attack)
            case "audience": (Bend.audiences, Bend.audience)
            case "issuer": (Bend.issuers, Bend.issuer)
            case "handshake": (Bend.handshakes, Bend.handshake)
            case "forwarded": (Bend.forwardings, Bend.forwarded)
            case "presentation": (Bend.presentations, Bend.presentation)
            case "health": (Bend.healths, Bend.health)
            case "proof": (Bend.proofs, Bend.proof)
            case "body": (Bend.bodies, Bend.body)
            case "unauthenticated": (Bend.requests, Bend.unauthenticated)
            case "session": (Bend.sessions, Bend.session)
            case "tenant": (Bend.tenants, Bend.tenant)
            case "octets": (Bend.octets, Bend.octets)
            case "introspection": (Bend.introspections, Bend.introspection)
            case "key-set": (Bend.keySets, Bend.keySet)
            case "ocsp": (Bend.responses, Bend.ocsp)
            default: (Bend.bindings, Bend.binding)
            }
        return reader.oneOrMore(value, "words") { reader.word($0, of: known) }?.map(make)
    }

    private func names(_ value: Node, _ make: (String) -> Bend) -> [Bend]? {
        reader.oneOrMore(value, "certificates") { reader.label($0) }?.map(make)
    }

    private func several<Value>(_ node: Node, _ read: (Node) -> Value?) -> [Value]? {
        reader.oneOrMore(node, "mappings", read)
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

    private func request(_ node: Node) -> Bend.RequestChange? {
        guard let fields = Fields(node, "'request'", reader) else { return nil }
        defer { fields.end() }
        var change = Bend.RequestChange(
            method: fields.optional("method").flatMap { reader.text($0, "a method") },
            path: fields.optional("path").flatMap { reader.text($0, "a path") })
        if let node = fields.optional("fields"), case .mapping(let mapping) = node {
            for (key, value) in mapping {
                guard let name = reader.text(key, "a field's name") else { continue }
                change.fields[name] = .some(JSONText.isRemoval(value) ? nil : value.scalar?.string ?? "")
            }
        } else if let node = fields.optional("fields") {
            reader.report(node, "expected a mapping of field names to values, such as { Origin: \"https://a.example\" }")
        }
        if change == Bend.RequestChange() { reader.report(node, "'request' needs 'method', 'path' or 'fields'") }
        return change
    }
}
