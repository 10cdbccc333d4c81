/// A kind of server, and the checks that count for it: one file of `profiles/`. A set is frozen for a revision of MCP, so that a
/// suite that grows makes nobody fail who had passed.
package struct Profile: Sendable, Codable, Hashable {
    package var id: String
    package var title: String
    package var schemes: [String]
    /// The checks by revision.
    package var revisions: [String: [String]]

    package init(id: String, title: String, schemes: [String], revisions: [String: [String]]) {
        self.id = id
        self.title = title
        self.schemes = schemes
        self.revisions = revisions
    }
}

extension Catalogue {
    /// What a set would hold if it were frozen now: every check of a server that is decided in the profile's schemes and is not
    /// about another revision.
    package func checks(of profile: Profile, era: String) -> [String] {
        let servers = Set(requirements.filter { $0.role == .server }.map(\.id))
        let decided = scenarios.filter { ($0.era ?? era) == era }.flatMap(\.decisions)
            .filter { decision in decision.schemes.contains { profile.schemes.contains($0) } }
        return Set(decided.map(\.id)).intersection(servers).sorted()
    }
}
