/// One thing bent in a subject, and the checks it must turn red: one entry of a file in `defects/`.
package struct Defect: Sendable, Codable, Hashable {
    /// `ROLE/WHAT-IS-BENT`, or `sentinel/WHICH`.
    package var id: String
    package var role: Subject.Role
    /// What is different from the right implementation, in one sentence.
    package var bends: String
    /// The kill set, where it is the same in every scheme.
    package var kills: [String]
    /// The kill set by scheme, where it is not; a scheme that is not named has none.
    package var killsByScheme: [String: [String]]
    /// Whether it lets in callers who show nothing: then no acceptance proves anything any more, and checks that stand on an
    /// accepted twin may read `inconclusive`.
    package var loosens: Bool
    /// The file it stands in, and the line.
    package var file: String
    package var line: Int

    package init(
        id: String, role: Subject.Role, bends: String, kills: [String], killsByScheme: [String: [String]] = [:], loosens: Bool = false,
        file: String = "", line: Int = 0
    ) {
        self.id = id
        self.role = role
        self.bends = bends
        self.kills = kills
        self.killsByScheme = killsByScheme
        self.loosens = loosens
        self.file = file
        self.line = line
    }

    /// A trivial subject, on which no check at all may pass.
    package var isSentinel: Bool { id.hasPrefix("sentinel/") }

    /// The checks that it must turn red in that scheme, as far as they are decided there.
    package func kills(in scheme: String) -> [String] { kills + (killsByScheme[scheme] ?? []) }

    /// Every check it turns red in some scheme.
    package var allKills: Set<String> { Set(kills).union(killsByScheme.values.joined()) }
}
