package import Scenarios

/// In which places defects could show.
package struct ProofScope: Sendable {
    /// Whether only the places count in which a check of the kill set is decided.
    private let quick: Bool
    /// In order.
    private let places: [ProofPlace]
    /// By place, the checks decided in it, as `CHECK@SCHEME`.
    private let decided: [String: Set<String>]

    package init(_ places: [ProofPlace], quick: Bool) {
        self.quick = quick
        self.places = places
        decided = Dictionary(places.map { ($0.id, Set($0.decided)) }, uniquingKeysWith: { $0.union($1) })
    }

    /// The checks of a defect's kill set that are decided in a place, as `CHECK@SCHEME`.
    package func kills(_ defect: Defect, in place: ProofPlace) -> Set<String> {
        Set(defect.kills(in: place.scheme.id).map { "\($0)@\(place.scheme.id)" }).intersection(decided[place.id] ?? [])
    }

    /// What a defect could touch, in those schemes in which a check of its kill set is decided.
    package func places(touchedBy defect: Defect) -> [ProofPlace] {
        if defect.isSentinel { return places.filter { Self.few(for: defect.role).contains($0.id) } }
        let deciding = places.filter { !kills(defect, in: $0).isEmpty }
        if quick { return deciding }
        let schemes = Set(deciding.map(\.scheme.id))
        // An issuer that is caught standing alone need not be caught again in every company.
        let worlds = Set(deciding.map(\.scenario.world))
        return places.filter {
            schemes.contains($0.scheme.id) && $0.plays(defect.role) && (defect.role != .issuer || worlds.contains($0.scenario.world))
        }
    }

    /// A few places are enough for a subject that does not listen to what it is asked; each takes its time to fail.
    private static func few(for role: Subject.Role) -> Set<String> {
        role == .issuer
            ? ["issuer/clients@oauth-jwt", "issuer/states@oauth-introspection", "issuer/pages@oauth-code", "issuer/codes@oauth-code"]
            : ["scope/read-cannot-write@api-key", "replay/captured@mtls", "identity/wrong-key@api-key", "rotation/under-load@api-key"]
    }
}
