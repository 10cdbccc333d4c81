/// Slows down whoever guesses passwords and secrets (RFC 6749 section 2.3.1).
///
/// A source is an address without port, such as `127.0.0.1`; IPv6 counts by its first 64 bits, which one subscriber has to himself.
package protocol GuessLimiter: AnyObject, Sendable {
    /// How long a try must wait that would be made now; nil: it may be made.
    func pause(_ name: String, from source: String) -> Duration?

    /// Notes a try that failed.
    func failed(_ name: String, from source: String)

    /// Notes a try whose end is not known yet as one that failed, so that many at once are no way around the limit.
    ///
    /// - Returns: How long it must wait; nil: it may be made, and is noted.
    func begin(_ name: String, from source: String) -> Duration?

    /// Forgets what failed for the name before.
    func succeeded(_ name: String, from source: String)

    /// The same, and takes back what `begin` noted.
    func endedWell(_ name: String, from source: String)
}
