import Yams

/// Reads a battery: an accepted credential, and rows that bend one thing each.
struct BatteryReader {
    let reader: SourceReader

    func battery(baseline: Node?, algorithm: Node?, cases: Node) -> Battery? {
        let baseline = reader.label(baseline)
        let algorithm = reader.word(algorithm, of: ["ES256", "RS256"])
        let cases = reader.list(cases, "cases", row) ?? []
        return baseline.map { Battery(baseline: $0, algorithm: algorithm, cases: cases) }
    }

    private func row(_ node: Node) -> Battery.Case? {
        guard let fields = Fields(node, "a case", reader) else { return nil }
        defer { fields.end() }
        let check = reader.checkID(fields.required("check"))
        let title = reader.prose(fields.required("title"))
        let schemes = reader.oneOrMore(fields.optional("schemes"), "schemes") { reader.label($0) }
        let bends = fields.required("bend").flatMap { BendReader(reader: reader).bends($0) }
        let expects = fields.optional("expects").map { reader.word($0, as: Battery.Expected.self) } ?? .refused
        let statuses = reader.oneOrMore(fields.optional("status"), "HTTP statuses") { reader.whole($0, in: 200...599) }
        let errors = reader.oneOrMore(fields.optional("error"), "error codes") { reader.word($0, of: IssuerAct.errors) }
        let mayCut = fields.optional("or-cut").flatMap { reader.truth($0) } ?? false
        let form = reader.oneOrMore(fields.optional("form"), "forms of an answer") { reader.word($0, as: AnswerForm.self) } ?? []
        let atMost = fields.optional("at-most").map(counts) ?? [:]
        let tool = fields.optional("tool").flatMap { reader.text($0, "a tool's name") }
        // Where the status says it all, nobody has to have looked at the credential.
        let refused = expects == .refused
        // What a client holds against its peers it says in its own words, if at all.
        let bendsAPeer = bends?.contains { if case .peer = $0 { true } else { false } } ?? false
        let reasons =
            refused && statuses == nil && errors == nil && !bendsAPeer ? fields.required("because") : fields.optional("because")
        let because = reader.oneOrMore(reasons, "reasons", reader.reason)
        let bites = reader.oneOrMore(fields.required("bites"), "defects") { reader.defectID($0) }
        if !refused, errors != nil, let node = fields.optional("error") { reader.report(node, "'error' is for refusals") }
        if !refused, let reasons { reader.report(reasons, "'because' is for refusals") }
        guard let check, let title, let bends, !bends.isEmpty, let expects, let bites, because != nil || reasons == nil else { return nil }
        return Battery.Case(
            check: check, title: title, schemes: schemes, bends: bends, expects: expects, statuses: statuses, errors: errors ?? [],
            mayCut: mayCut,
            form: form,
            atMost: atMost, tool: tool, because: because ?? [], bites: bites, line: node.mark?.line ?? 0)
    }

    private func counts(_ node: Node) -> [String: Int] {
        guard let fields = Fields(node, "'at-most'", reader) else { return [:] }
        defer { fields.end() }
        var counts: [String: Int] = [:]
        for name in Battery.counts {
            if let count = reader.whole(fields.optional(name), in: 0...10_000) { counts[name] = count }
        }
        return counts
    }
}
