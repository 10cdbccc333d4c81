import Yams

/// Reads what a story expects and what it measures.
struct ExpectationReader {
    let reader: SourceReader

    func expectation(_ node: Node) -> Expectation? {
        let forms = ["accepted", "refused", "never", "count", "window"]
        guard let fields = Fields(node, "an expectation", reader) else { return nil }
        defer { fields.end() }
        let check = reader.checkID(fields.required("check"))
        let bites = reader.oneOrMore(fields.required("bites"), "defects") { reader.defectID($0) }
        let onlyFor = reader.oneOrMore(fields.optional("only-for"), "schemes") { reader.label($0) }
        let given = forms.compactMap { word in fields.optional(word).map { (word, $0) } }
        guard given.count == 1, let (word, value) = given.first else {
            reader.report(node, "an expectation needs exactly one of \(Fields.list(forms))")
            return nil
        }
        guard let check, let bites, let form = form(word, value) else { return nil }
        return Expectation(check: check, form: form, bites: bites, onlyFor: onlyFor, line: node.mark?.line ?? 0)
    }

    private func form(_ word: String, _ node: Node) -> Expectation.Form? {
        guard let fields = Fields(node, "'\(word)'", reader) else { return nil }
        defer { fields.end() }
        if word == "count" { return count(fields) }
        let calls = reader.callSet(fields.required("calls"))
        if word == "window" {
            let twin = reader.callSet(fields.optional("twin"))
            let from = reader.instant(fields.required("from"))
            let limit = fields.required("at-most")
            let promise = limit?.scalar?.string == "promise"
            let atMost = promise ? nil : reader.duration(limit, or: "promise")
            guard let calls, let from, promise || atMost != nil else { return nil }
            return .window(calls: calls, twin: twin, from: from, atMost: atMost, promise: promise)
        }
        let from = reader.instant(fields.optional("from"))
        let to = reader.instant(fields.optional("to"))
        switch word {
        case "accepted": return calls.map { .accepted(calls: $0, from: from, to: to) }
        case "never":
            let outcomes = reader.oneOrMore(fields.required("outcome"), "outcomes", reader.outcome)
            guard let calls, let outcomes else { return nil }
            return .never(outcomes: outcomes, calls: calls, from: from, to: to)
        default:
            let twin = reader.callSet(fields.optional("twin"))
            let because = reader.oneOrMore(fields.required("because"), "reasons", reader.reason)
            guard let calls, let because else { return nil }
            return .refused(calls: calls, twin: twin, because: because, from: from, to: to)
        }
    }

    private func count(_ fields: Fields) -> Expectation.Form? {
        let fact = fields.optional("fact")
        let of: Expectation.Counted?
        if fact != nil {
            of = reader.fact(fact).map { .fact($0) }
        } else {
            let calls = reader.callSet(fields.required("calls"))
            let outcome = fields.required("outcome").flatMap(reader.outcome)
            of = if let calls, let outcome { .calls(calls, outcome: outcome) } else { nil }
        }
        let exactly = reader.number(fields.optional("exactly"))
        let atMost = reader.number(fields.optional("at-most"))
        let least = fields.optional("at-least")
        let share = least?.scalar.flatMap { Quantity.share($0.string) }
        let atLeast = share == nil ? reader.number(least) : nil
        if [exactly, atMost, atLeast, share].allSatisfy({ $0 == nil }) {
            reader.report(fields.node, "'count' needs 'exactly', 'at-least' (a number, or a share such as 95%) or 'at-most'")
            return nil
        }
        return of.map { .count(of: $0, exactly: exactly, atLeast: atLeast, atMost: atMost, atLeastShare: share) }
    }

    func measure(_ node: Node) -> Measure? {
        guard let fields = Fields(node, "a measure", reader) else { return nil }
        defer { fields.end() }
        let name = reader.label(fields.required("name"))
        let onlyFor = reader.oneOrMore(fields.optional("only-for"), "schemes") { reader.label($0) }
        let given = ["window", "count", "fact"].compactMap { word in fields.optional(word).map { (word, $0) } }
        guard given.count == 1, let (word, value) = given.first else {
            reader.report(node, "a measure needs exactly one of 'window', 'count' or 'fact'")
            return nil
        }
        guard let form = measureForm(word, value), let name else { return nil }
        return Measure(name: name, form: form, onlyFor: onlyFor, line: node.mark?.line ?? 0)
    }

    private func measureForm(_ word: String, _ node: Node) -> Measure.Form? {
        if word == "fact" { return reader.fact(node).map { .fact($0) } }
        guard let fields = Fields(node, "'\(word)'", reader) else { return nil }
        defer { fields.end() }
        let calls = reader.callSet(fields.required("calls"))
        if word == "window" {
            let from = reader.instant(fields.required("from"))
            guard let calls, let from else { return nil }
            return .window(calls: calls, from: from)
        }
        let outcome = fields.required("outcome").flatMap(reader.outcome)
        let from = reader.instant(fields.optional("from"))
        let to = reader.instant(fields.optional("to"))
        guard let calls, let outcome else { return nil }
        return .count(calls: calls, outcome: outcome, from: from, to: to)
    }
}
