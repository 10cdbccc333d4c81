/// A check that a subject is known to fail: an entry of its `baseline.yaml`. It is told, and is no finding any more; where it is
/// not so any more, that is one.
package struct KnownFailure: Sendable, Codable, Hashable {
    /// In a check's place: that a scheme cannot be judged, because the bed and the subject do not understand each other.
    package static let firstContact = "first-contact.fails"

    package var check: String
    /// Nil for every scheme in which it is decided.
    package var schemes: [String]?
    /// Nil for both eras.
    package var eras: [String]?
    /// What the verdict is.
    package var verdict: String
    /// What the subject does, in a sentence.
    package var why: String
    /// Whether it passes at other times, as where two processes take turns: then a pass is no news.
    package var sometimes: Bool
    package var line: Int

    package init(
        check: String, schemes: [String]? = nil, eras: [String]? = nil, verdict: String, why: String, sometimes: Bool = false, line: Int
    ) {
        self.check = check
        self.schemes = schemes
        self.eras = eras
        self.verdict = verdict
        self.why = why
        self.sometimes = sometimes
        self.line = line
    }

    /// Whether it is about that check there.
    ///
    /// - Parameter barred: Whether nothing was asked in the scheme, for what came of first contact.
    package func covers(check: String, scheme: String, era: String, barred: Bool = false) -> Bool {
        self.check == (barred ? Self.firstContact : check) && schemes?.contains(scheme) ?? true && eras?.contains(era) ?? true
    }
}
