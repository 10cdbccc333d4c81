import Auth

extension Verifier {
    /// The same list without some checks, of which another defect may have dropped one before. A name that never was in the list shows
    /// in that the defect changes nothing.
    func forgetting(_ names: String...) -> Verifier { Verifier(checks.filter { !names.contains($0.name) }) }
}
