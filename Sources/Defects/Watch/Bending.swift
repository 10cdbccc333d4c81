/// How a defect bends a piece of an assembly: a member, such as `respond`, or a check of one of its lists, such as `peers.chain`.
///
/// Where several defects are in one subject, each over what those before it have left, this says which of them are really there.
package enum Bending: String, Sendable {
    /// The check is gone.
    case drops
    /// Something else is in its place, which does not build on what was there.
    case replaces
    /// What was there is still asked, or may be.
    case wraps
}
