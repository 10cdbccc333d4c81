/// How a defect bends a piece of the subject, as the watched subject tells: a member of its assembly, or a check of one of its lists.
package enum Bending: String, Sendable, Hashable {
    /// The check is gone.
    case drops
    /// Something else is in its place, which does not build on what was there.
    case replaces
    /// What was there is still asked, or may be.
    case wraps
}
