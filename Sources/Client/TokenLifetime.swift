package import MCP

/// How long a token is used, and when a new one is fetched.
package struct TokenLifetime: Sendable {
    /// From the answer's `expires_in` to seconds of use.
    package var read: @Sendable (JSONValue?) -> Double
    /// From the seconds of use to how long before their end a new token is fetched.
    package var margin: @Sendable (Double) -> Double

    package init(read: @escaping @Sendable (JSONValue?) -> Double, margin: @escaping @Sendable (Double) -> Double) {
        self.read = read
        self.margin = margin
    }

    /// A minute early, and never in the first half of a short life: a token of 30 s is fetched anew after 15, not at once.
    ///
    /// `expires_in` is only RECOMMENDED (RFC 6749 section 5.1), and comes from a peer: what is absent or no number counts as
    /// five minutes, a number in quotes as that number, and everything is brought between one second and one day. So
    /// neither is a token used for ever, nor fetched anew for every call.
    package static let standard = TokenLifetime(
        read: { value in
            guard let seconds = Self.number(value) else { return 300 }
            return min(max(seconds, 1), 86_400)
        },
        margin: { lifetime in min(60, lifetime / 2) })

    private static func number(_ value: JSONValue?) -> Double? {
        let number: Double? =
            switch value {
            case .integer(let number): Double(number)
            case .number(let number): number
            case .string(let text) where text.utf8.count <= 32: Double(text)
            default: nil
            }
        return number.flatMap { $0.isNaN ? nil : $0 }
    }
}
