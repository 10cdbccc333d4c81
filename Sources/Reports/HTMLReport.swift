import Mustache

/// The results as one page that needs no script and no network: the table in measured words, each with its evidence.
package enum HTMLReport {
    /// Bytes that a page may have: what a browser and a mail attachment take without a thought, and what some five hundred checks in
    /// eleven schemes need with their pictures.
    package static let limit = 900_000

    /// How much is shown.
    struct Detail {
        /// Characters of wire text.
        var wire: Int
        /// Checks that hold, and on which no cell of the table rests, on a line each.
        var brief = false
        var pictures = true
    }

    private static let details = [
        Detail(wire: 150_000), Detail(wire: 90_000), Detail(wire: 50_000), Detail(wire: 70_000, brief: true),
        Detail(wire: 30_000, brief: true), Detail(wire: 10_000, brief: true), Detail(wire: 0, brief: true, pictures: false),
    ]

    /// The page with as many calls on it as it has room for.
    package static func text(_ input: ReportInput) -> String {
        let builder = PageBuilder(input)
        let pairs = builder.pairs()
        var text = ""
        for detail in details {
            text = PageTemplates.library.render(builder.model(detail, pairs: pairs), withTemplate: "page") ?? ""
            if text.utf8.count < limit { break }
        }
        return text
    }
}
