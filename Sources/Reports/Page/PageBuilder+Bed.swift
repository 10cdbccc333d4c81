import Judge
import Scenarios

/// Whether the bed itself can be trusted: what was decided, what can be shown to fail, and under which circumstances.
extension PageBuilder {
    var bedFacts: [PageModel.Fact] {
        let checks = results.cells.flatMap(\.checks)
        let decided = Set(checks.map(\.check)), known = catalogue.requirements.count
        let weak = checks.count { $0.weak }
        var facts = [
            ("Checks", "\(decided.count) decided in this run of \(known) in the catalogue"),
            (
                "Verdicts",
                "\(results.coverage.judged) of \(results.coverage.applicable) applicable ones judged; \(weak) passed without the reason being seen"
            ),
            ("Controls", "\(checks.count { $0.verdict == .inconclusive }) left undecided because an accepted twin was missing"),
            (
                "The bed's own faults",
                "\(results.cells.count { $0.fault != nil }) cells cut short, \(checks.count { $0.verdict == .error }) checks without a verdict"
            ),
            ("Checks with a defect that proves them", proofWords(decided)),
            ("Defects", provenWords(catalogue.defects.filter { !$0.isSentinel })),
            (
                "Sentinels",
                provenWords(catalogue.defects.filter(\.isSentinel)) + " (trivial servers and issuers, on which no check may pass)"
            ),
            (
                "Evidence",
                input.trace.map { "\(Words.count($0.events.count, "event")) in events.jsonl, judged by a pure function" }
                    ?? "no trace at hand"
            ),
        ]
        if let noise { facts.append(("Noise", noise)) }
        return facts.map { PageModel.Fact(name: $0.0, valueHTML: HTMLText.words($0.1)) }
    }

    private func proofWords(_ decided: Set<String>) -> String {
        let bitten = Set(results.cells.flatMap(\.checks).filter { !$0.bites.isEmpty }.map(\.check))
        return "\(bitten.count) of \(decided.count)"
    }

    private func provenWords(_ defects: [Defect]) -> String {
        guard let proven = input.proven else { return "\(defects.count) in the catalogue; `authbed prove` tries them" }
        return "\(defects.count { proven.contains($0.id) }) of \(defects.count) proven with these same programs and files"
    }

    /// Authentication off stands in twice: how far apart the two were.
    private var noise: String? {
        guard let again = input.throughput.first(where: { $0.scheme == "off-again" }) else { return nil }
        return
            "the same server under two names: \(HTMLText.decimal(again.ratio * 100)) % (\(HTMLText.decimal(again.lowest * 100))–\(HTMLText.decimal(again.highest * 100)) % by round)"
    }

    var sentinels: [PageModel.Sentinel] {
        catalogue.defects.filter(\.isSentinel).map { sentinel in
            let state: (cls: String, words: String) =
                switch input.proven {
                case .some(let proven) where proven.contains(sentinel.id): ("kept", "proven with these same programs and files")
                case .some: ("measured", "not yet proven with these same programs and files")
                case nil: ("measured", "in the catalogue")
                }
            return PageModel.Sentinel(sentinel: sentinel.id, bends: sentinel.bends, cls: state.cls, state: state.words)
        }
    }
}
