import Judge
import Mustache

/// The results as one page that needs no script and no network: the table in measured words, each with its evidence.
package enum HTMLReport {
    /// Bytes that a page may have: what a browser and a mail attachment take without a thought.
    package static let limit = 500_000

    /// More checks than these have no room to be told in full, each with a call beside its twin.
    private static let manyChecks = 120

    /// The page with as many calls on it as it has room for.
    package static func text(_ input: ReportInput) -> String {
        let builder = PageBuilder(input)
        let all = Set(input.results.cells.flatMap(\.checks).map(\.check)), prominent = builder.prominent()
        var text = ""
        for (full, pictures) in (all.count > manyChecks ? [] : [(all, true)]) + [(prominent, true), (prominent, false)] {
            let pairs = builder.pairs(full)
            var model = builder.model(pictures: pictures)
            // Without any call first, to know how much room there is for them.
            text = render(&model, builder, pairs, full, room: 0)
            guard text.utf8.count < limit else { continue }
            var room = limit - text.utf8.count
            while room > 0 {
                let more = render(&model, builder, pairs, full, room: room)
                if more.utf8.count < limit { return more }
                room = room * 3 / 4 - 1000
            }
            return text
        }
        return text
    }

    /// - Parameter room: Bytes that calls may take.
    private static func render(
        _ model: inout PageModel, _ builder: PageBuilder, _ pairs: [WireBudget.Entry], _ full: Set<String>, room: Int
    ) -> String {
        model.families = builder.families(WireBudget(pairs: pairs, limit: room), full: full)
        return PageTemplates.library.render(model, withTemplate: "page") ?? ""
    }
}
