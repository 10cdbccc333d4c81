/// What the templates show; every string is plain text unless its name ends in HTML; `sent` is HTML, too.
///
/// A template looks for a name further out when it is not found or nil, so an optional member has a name of its own.
/// The mark of a standing is the style's: `cls` names it.
struct PageModel {
    struct Count { var cls: String, number: Int, word: String }
    struct Fact { var name: String, valueHTML: String }
    struct SchemeCard { var scheme: String, title: String, cls: String, sentence: String }
    struct Column { var scheme: String, title: String }
    struct Group { var title: String, span: Int }
    struct Row { var title: String, factorName: String?, cells: [Cell] }
    struct Cell { var scheme: String, cls: String, standing: String, wordsHTML: String, bar: String? }
    /// A row that has no meaning in some schemes.
    struct Absence { var anchor: String, row: String, schemes: String }
    struct Table { var groups: [Group], columns: [Column], rows: [Row], absences: [Absence] }
    struct Claim { var row: String, anchor: String, family: String, says: String, cls: String, outcome: String, condition: String }
    struct Key { var cls: String, mark: String, words: String }
    struct Plot { var name: String, captionHTML: String, svgHTML: String, keys: [Key] }
    struct Step { var verb: String, text: String, instants: [String] }
    struct Measured { var anchor: String, name: String, words: String, pictureHTML: String? }
    struct CheckLink { var check: String, href: String }
    /// Checks that came out alike; what is not kept stands alone, with its reason.
    struct CheckLine { var cls: String, links: [CheckLink], why: String }
    struct Played {
        var anchor: String, scheme: String, cls: String, summary: String
        var fault: String?, faultLines: [String]
        var absent: [String], measures: [Measured], checks: [CheckLine]
    }
    struct ScenarioPart {
        var anchor: String, scenario: String, title: String, teaches: String, command: String
        var columns: [String], steps: [Step], hasSteps: Bool, played: [Played]
    }
    struct Pair {
        var schemes: String, difference: String, accepted: String?, refused: String
        var verdictCls: String, markCls: String, verdictWord: String
        var sent: [String], goodHTML: String, badHTML: String, hasGood: Bool
    }
    struct RulingScheme { var anchor: String, scheme: String, events: String }
    /// Schemes in which the check came out alike, in the same words.
    struct Ruling { var cls: String, schemes: [RulingScheme], verdict: String, why: String }
    struct Proof { var anchor: String, defect: String, bends: String, cls: String, state: String }
    struct CheckPart {
        var anchor: String, check: String, cls: String, level: String, role: String, summary: String
        var rule: String, why: String, clauseHTML: String, title: String, command: String
        var rulings: [Ruling], pairs: [Pair], wireNote: String?, proofs: [Proof]
    }
    /// A check that holds, on a line.
    struct BriefCheck {
        var anchor: String, check: String, cls: String, rule: String, level: String, clauseHTML: String, schemes: String
        var proofs: [Proof]
    }
    struct Family { var anchor: String, family: String, checks: [CheckPart], briefs: [BriefCheck] }

    var started: String
    var summary: String
    var alarm: [String]
    var counts: [Count]
    var coverage: String
    var facts: [Fact]
    var schemes: [SchemeCard]
    var legend: [Key]
    var table: Table?
    var claims: [Claim]
    var plots: [Plot]
    var scenarios: [ScenarioPart]
    var families: [Family]
    var bed: [Fact]
    var defects: [Proof]
    var style: String
}
