import Scenarios

/// Which bent subjects turn a check red: what is bent is told with the first check that is told in full, and led to from everywhere else.
struct Proofs {
    let catalogue: Catalogue
    /// As in `ReportInput`.
    let proven: Set<String>?
    /// The defects that each check names, each once.
    private let naming: [String: [String]]
    /// How many checks name a defect.
    private let mentions: [String: Int]
    private var told: Set<String> = []

    /// - Parameter naming: The defects that each check names, as often as it names them.
    init(catalogue: Catalogue, proven: Set<String>?, naming: [String: [String]]) {
        self.catalogue = catalogue
        self.proven = proven
        self.naming = naming.mapValues { $0.reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
        mentions = self.naming.values.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// The check's defects as HTML, in the order in which the page shows them.
    mutating func html(of check: String) -> [String] { (naming[check] ?? []).map { defect in html(defect) } }

    /// Their names alone, which lead to where they have been told: hundreds of lines leave no room for more.
    func names(of check: String) -> [String] {
        (naming[check] ?? []).map { defect in
            let name = HTMLText.escape(defect)
            return told.contains(defect) ? "<a href=#\(HTMLText.anchor("d", defect))>\(name)</a>" : "<code>\(name)</code>"
        }
    }

    private mutating func html(_ defect: String) -> String {
        let anchor = HTMLText.anchor("d", defect), name = HTMLText.escape(defect)
        guard told.insert(defect).inserted else { return "<a href=#\(anchor)>\(name)</a>" }
        let place = (mentions[defect] ?? 0) > 1 ? " id=\(anchor)" : ""
        let bends = catalogue.defect(defect).map { " \(HTMLText.escape($0.bends))" } ?? ""
        let state = proven.map { $0.contains(defect) ? "" : " (not yet proven with these same programs and files)" } ?? ""
        return "<code\(place)>\(name)</code>\(bends)\(state)"
    }
}
