import Mustache

/// The results as one page that needs no script and no network: the table in measured words, each with its evidence.
package enum HTMLReport {
    package static func text(_ input: ReportInput) -> String {
        PageTemplates.library.render(PageBuilder(input).model(), withTemplate: "page") ?? ""
    }
}
