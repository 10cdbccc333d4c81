/// What the templates show; every string is plain text unless its name ends in HTML; `sent` is HTML, too. Anchors and classes stand
/// without quotation marks: they are made of letters, digits, `.`, `-` and `_`.
///
/// A template looks for a name further out when it is not found or nil, so an optional member has a name of its own.
/// The mark of a standing is the style's: `cls` names it.
struct PageModel {
    struct Count { var cls: String, number: Int, word: String }
    struct Fact { var name: String, valueHTML: String }
    struct SchemeCard { var scheme: String, title: String, cls: String, sentence: String }
    struct Column { var scheme: String, title: String }
    struct Group { var title: String, span: Int }
    struct Row { var title: String, aboutAnchor: String?, factorName: String?, cells: [Cell] }
    struct Cell { var cls: String, wordsHTML: String, bar: String? }
    /// Why a row has no meaning in some schemes, or was not tried there.
    struct Absence { var anchor: String, row: String, says: String, schemes: String, because: String }
    /// What a row counts or times.
    struct Meaning { var anchor: String, row: String, about: String }
    struct Table {
        var groups: [Group], columns: [Column], rows: [Row]
        var meanings: [Meaning], hasMeanings: Bool, absences: [Absence], hasAbsences: Bool
    }
    /// The row of the table under which the article's words of several families stand.
    struct ClaimHead { var row: String, span: Int }
    struct Claim { var head: ClaimHead?, anchor: String, family: String, says: String, cls: String, outcome: String, condition: String }
    struct Key { var cls: String, mark: String, words: String }
    struct Plot { var name: String, captionHTML: String, svgHTML: String, keys: [Key] }
    /// `named` is what measures and pictures call its instant or its calls.
    struct Step { var does: String, named: String?, say: String, instants: [String] }
    /// A number where it is told; its anchor stands there unless a picture has it.
    struct Measured { var place: String?, name: String, words: String }
    struct CheckLink { var check: String, href: String }
    /// A check that is not simply kept, with its reason.
    struct CheckLine { var cls: String, check: String, href: String, why: String }
    /// A scenario in a scheme, or in several of which there is the same to tell.
    struct Played {
        var schemes: String, cls: String, measures: [Measured], words: String
        var hasMore: Bool, fault: String?, faultLines: [String], absent: [String], picturesHTML: [String], checks: [CheckLine]
    }
    struct ScenarioPart {
        var scenario: String, title: String, teaches: String, command: String
        var columns: [String], steps: [Step], hasSteps: Bool, isPart: Bool, played: [Played]
        /// The checks that are kept; of many, their families.
        var kept: [CheckLink], keptWords: String?
    }
    struct Pair {
        var schemes: String, difference: String?, accepted: String?, refused: String
        var verdictCls: String, markCls: String, verdictWord: String
        var sent: [String], goodHTML: String, badHTML: String, hasGood: Bool
    }
    struct RulingScheme { var place: String?, scheme: String, events: String }
    /// Schemes in which the check came out alike, in the same words.
    struct Ruling { var cls: String, schemes: [RulingScheme], verdict: String, why: String }
    struct CheckPart {
        var anchor: String, check: String, cls: String, level: String, role: String, summary: String
        var rule: String, why: String, clauseHTML: String, title: String, command: String
        var rulings: [Ruling], pairs: [Pair], wireNote: String?, proofsHTML: [String]
    }
    /// A check that holds, on a line.
    struct BriefCheck { var anchor: String, check: String, rule: String, source: String, proofsHTML: [String] }
    struct Family { var anchor: String, family: String, checks: [CheckPart], briefs: [BriefCheck] }
    struct Sentinel { var sentinel: String, bends: String, cls: String, state: String }

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
    var claimsNote: String
    var plots: [Plot]
    var axesHTML: String
    var scenarios: [ScenarioPart]
    var families: [Family]
    var bed: [Fact]
    var sentinels: [Sentinel]
    var style: String
}
