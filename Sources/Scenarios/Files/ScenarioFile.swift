import Yams

/// Reads one file below `scenarios/`: a story, or a battery.
package enum ScenarioFile {
    /// - Parameters:
    ///   - id: the file's path below `scenarios/`, without its extension.
    ///   - file: the path to name in messages.
    /// - Throws: every mistake of the file, each with its place.
    package static func read(_ text: String, id: String, file: String) throws(SourceErrors) -> Scenario {
        let (reader, root) = SourceReader.compose(text, file: file)
        return try reader.result(root.flatMap { scenario($0, id: id, reader) })
    }

    private static func scenario(_ root: Node, id: String, _ reader: SourceReader) -> Scenario? {
        guard let fields = Fields(root, "the scenario", reader) else { return nil }
        defer { fields.end() }
        let title = reader.prose(fields.required("title"))
        let teaches = reader.prose(fields.required("teaches"))
        let schemes = reader.oneOrMore(fields.required("schemes"), "schemes") { reader.label($0) }
        let world = fields.optional("world").map { reader.word($0, as: Scenario.World.self) } ?? .ensemble
        let era = fields.optional("era").flatMap { reader.word($0, of: ["2026-07-28", "2025-11-25"]) }
        let tls = fields.optional("tls").flatMap { reader.word($0, of: ["1.2", "1.3"]) }
        let timed = fields.optional("timed").map { reader.truth($0) } ?? false
        let server = fields.optional("server").flatMap { ServerSettingsReader.settings($0, reader) }
        let issuer = fields.optional("issuer").flatMap { IssuerSettingsReader.settings($0, reader) }
        let pki = fields.optional("pki").flatMap { reader.label($0) }
        let stepsNode = fields.optional("steps")
        let cases = fields.optional("cases")
        if (stepsNode == nil) == (cases == nil) {
            reader.report(root, "expected either 'steps' and 'expect' (a story) or 'baseline' and 'cases' (a battery)")
        }
        var battery: Battery?
        var steps: [Step] = []
        var expect: [Expectation] = []
        var measures: [Measure] = []
        if let cases {
            battery = BatteryReader(reader: reader).battery(
                baseline: fields.required("baseline"), algorithm: fields.optional("signed-with"), cases: cases)
        } else {
            steps = StoryReader.steps(stepsNode, reader)
            let expectations = ExpectationReader(reader: reader)
            expect = reader.list(fields.required("expect"), "expectations", expectations.expectation) ?? []
            measures = reader.list(fields.optional("measure"), "measures", expectations.measure) ?? []
        }
        if let cases, let battery, battery.cases.contains(where: { $0.asksAnIssuer != (world == .issuerBench) }) {
            reader.report(cases, "what an issuer is asked belongs into the world 'issuer-bench', and nothing else does")
        }
        guard let title, let teaches, let schemes, let world, let timed else { return nil }
        return Scenario(
            id: id, title: title, teaches: teaches, schemes: schemes, world: world, era: era, tls: tls, timed: timed,
            movesClock: steps.contains { $0.verb.movesClock } || battery?.movesClock ?? false, server: server, issuer: issuer, pki: pki,
            steps: steps, expect: expect, measures: measures, battery: battery)
    }
}

/// Reads the steps of a story: each a mapping with one verb, and beside it perhaps a sentence.
enum StoryReader {
    static func steps(_ node: Node?, _ reader: SourceReader) -> [Step] {
        var verbs = VerbReader(reader: reader)
        return reader.list(node, "steps") { step($0, &verbs, reader) } ?? []
    }

    private static func step(_ node: Node, _ verbs: inout VerbReader, _ reader: SourceReader) -> Step? {
        guard let fields = Fields(node, "a step", reader) else { return nil }
        let say = reader.prose(fields.optional("say"))
        let others = fields.keys.filter { $0 != "say" }
        guard let word = others.first else {
            reader.report(node, "a step needs a verb: \(Fields.list(Verb.words))")
            return nil
        }
        for key in others where !Verb.words.contains(key) {
            let hint = Suggestion.phrase(for: key, among: Verb.words)
            let expected = hint.isEmpty ? "; expected \(Fields.list(Verb.words))" : hint
            reader.report(fields.key(key), "unknown verb '\(key)'\(expected)")
        }
        if others.count > 1, others.allSatisfy(Verb.words.contains) {
            reader.report(fields.key(others[1]), "a step has one verb; '\(others[1])' stands beside '\(word)'")
        }
        guard others.count == 1, Verb.words.contains(word), let value = fields.optional(word) else { return nil }
        guard let verb = verbs.read(word, value) else { return nil }
        return Step(say: say, verb: verb, line: node.mark?.line ?? 0)
    }
}
