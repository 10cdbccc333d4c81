package import Judge
package import Scenarios

/// What the article's four questions come to, and what was measured of it.
package struct Advice: Sendable, Hashable, Encodable {
    /// The article's decision framework: four questions with yes or no.
    package struct Answers: Sendable, Hashable, Encodable {
        /// Do you control both the client and the server?
        package var bothEnds: Bool
        /// Does the agent act on behalf of a specific user?
        package var forUsers: Bool
        /// Is this a regulated or zero-trust environment?
        package var regulated: Bool
        /// How sensitive are the tools: do they write, run, or reach outside?
        package var sensitive: Bool

        package init(bothEnds: Bool, forUsers: Bool, regulated: Bool, sensitive: Bool) {
            self.bothEnds = bothEnds
            self.forUsers = forUsers
            self.regulated = regulated
            self.sensitive = sensitive
        }
    }

    /// A row of the table in both schemes.
    package struct Figure: Sendable, Hashable, Encodable {
        package var row: String
        package var recommended: String
        package var instead: String
    }

    /// How far the numbers can be believed: of the checks that were decided in the recommended scheme, those that a bent subject was
    /// seen to turn red, with these same programs and files.
    package struct Proof: Sendable, Hashable, Encodable {
        package var checks: Int
        package var proven: Int
    }

    package let answers: Answers
    package let recommended: String
    /// The simpler scheme that somebody might take in its place.
    package let instead: String
    package let reasons: [String]
    /// Where the two differ in what was measured; empty where there is no run to take them from.
    package let figures: [Figure]
    /// Nil where nothing was run, or nothing was proven.
    package let proof: Proof?

    /// - Parameters:
    ///   - results: Of the latest run; nil where there is none.
    ///   - definition: Of the table; nil where none is at hand, and then cells differ when their words do.
    ///   - proven: The defects that these same programs and files were proven with; nil where nobody looked.
    package init(_ answers: Answers, results: Results?, definition: TableDefinition? = nil, proven: Set<String>?) {
        let table = results?.table
        self.answers = answers
        (recommended, instead) = Self.schemes(answers)
        reasons = Self.reasons(answers, recommended)
        let (chosen, other) = (recommended, instead)
        let difference = definition.flatMap { definition in results.map { SchemeDifference(definition, $0) } }
        figures = (table?.rows ?? []).compactMap { row in
            guard let here = row.cells.first(where: { $0.scheme == chosen }), let there = row.cells.first(where: { $0.scheme == other }),
                here.kind == .measured || there.kind == .measured, here.words != there.words,
                difference?.tells(here, from: there, row: row.id) ?? true
            else { return nil }
            return Figure(row: row.title, recommended: here.words, instead: there.words)
        }
        let checks = (results?.cells ?? []).filter { $0.scheme == chosen }.flatMap(\.checks).filter(\.verdict.isJudged)
        proof = proven.flatMap { proven in
            checks.isEmpty ? nil : Proof(checks: checks.count, proven: checks.count { $0.bites.contains(where: proven.contains) })
        }
    }

    private static func schemes(_ answers: Answers) -> (recommended: String, instead: String) {
        switch (answers.regulated, answers.sensitive, answers.forUsers, answers.bothEnds) {
        case (true, true, _, _): ("layered-bound", "layered")
        case (true, false, true, _): ("layered-bound", "oauth-code")
        case (true, false, false, _): ("mtls-crl", "mtls")
        case (false, _, true, _): ("oauth-code", "oauth-jwt")
        case (false, true, false, true): ("layered-bound", "api-key")
        case (false, true, false, false): ("oauth-dpop", "oauth-jwt")
        case (false, false, false, true): ("api-key", "oauth-introspection")
        case (false, false, false, false): ("oauth-jwt", "api-key")
        }
    }

    private static func reasons(_ answers: Answers, _ recommended: String) -> [String] {
        var reasons = [
            answers.bothEnds
                ? "You control both ends: static keys can be handed out, and certificates can be."
                : "Somebody else runs the clients: what they are given has to expire by itself.",
            answers.forUsers
                ? "It acts for a user: that user signs in and consents once (authorization code with PKCE), and tokens are refreshed."
                : "It acts for itself: client credentials are enough, nobody has to consent.",
        ]
        if answers.regulated {
            reasons.append(
                "Regulated or zero trust: the client shows a certificate. The article's server reads no revocation list; take one that does, or a revoked certificate opens the door until it expires."
            )
        }
        if answers.sensitive {
            reasons.append(
                recommended == "oauth-code"
                    ? "The tools are sensitive: give each scope by itself, and keep access tokens short, since a leaked header works until it expires."
                    : "The tools are sensitive: bind the token to a key or a certificate, since a header that leaked is worth nothing then, not even to an insider."
            )
        }
        return reasons
    }

    /// For a terminal.
    /// - Parameter titles: What the schemes are, by their names.
    package func text(width: Int, colour: Bool, titles: [String: String] = [:]) -> String {
        let (width, style) = (min(max(width, 40), 110), Style(colour: colour))
        var lines = [style.bold("take  \(recommended)") + style.dim("   rather than \(instead)"), ""]
        let named = [recommended, instead].compactMap { id in titles[id].map { (id: id, title: $0) } }
        let names = (named.map(\.id.count).max() ?? 0) + 4
        lines += named.map { "  " + Text.pad($0.id, names) + Text.hanging($0.title, width - 2, indent: names + 2) }
        if !named.isEmpty { lines.append("") }
        lines += reasons.map { "  · " + Text.hanging($0, width - 2, indent: 4) }
        guard !figures.isEmpty else {
            return (lines + ["", style.dim("Nothing was measured yet: `authbed run` first, and the numbers stand here.")]).joined(
                separator: "\n")
        }
        lines += ["", style.bold("Where the two differ by more than the machine’s noise, as measured:")]
        let column = max(recommended.count, instead.count) + 4
        for figure in figures {
            lines.append("\n  \(figure.row)")
            for (scheme, words) in [(recommended, figure.recommended), (instead, figure.instead)] {
                lines.append("    " + Text.pad(scheme, column) + Text.hanging(words, width - 4, indent: 4 + column))
            }
        }
        if let proof {
            let words =
                "Of the \(Words.count(proof.checks, "check")) decided in \(recommended), \(Words.number(Double(proof.proven))) were seen to fail on a server "
                + "with one thing bent, with these same programs and files."
            lines += ["", style.dim(Text.hanging(words, width, indent: 0))]
        }
        return lines.joined(separator: "\n")
    }
}
