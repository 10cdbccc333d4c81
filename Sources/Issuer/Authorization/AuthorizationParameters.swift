import OAuth

/// The parameters of an authorization request, from the query of its URL (RFC 6749 section 4.1.1).
///
/// Unlike a form it is read whole even when it is wrong: where errors are told depends on what else is in it.
package struct AuthorizationParameters: Sendable, Hashable {
    private var values: [(name: String, value: String)]

    /// Reads the query; nil when it is not percent-encoded UTF-8.
    package init?(query: String) {
        guard let pairs = FormEncoding.pairs(query.utf8) else { return nil }
        values = pairs
    }

    /// The parameter's first value; nil when it is absent or empty, which is the same (section 3.1).
    package subscript(name: String) -> String? {
        values.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// Every value of a parameter that may be repeated, without empty ones.
    package func all(_ name: String) -> [String] {
        values.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
    }

    /// The parameters that are there more than once, which only `resource` may be (section 3.1, RFC 8707 section 2).
    package var repeated: Set<String> {
        var seen: Set<String> = []
        return Set(values.map(\.name).filter { !seen.insert($0).inserted }).subtracting(FormParameters.repeatable)
    }

    /// The same request with other wishes of how the user is asked; empty: none.
    package func query(prompt: Set<Prompt>) -> String {
        var kept = values.filter { $0.name != "prompt" }
        if !prompt.isEmpty { kept.append(("prompt", prompt.map(\.rawValue).sorted().joined(separator: " "))) }
        return FormEncoding.encode(kept)
    }

    package static func == (one: Self, other: Self) -> Bool {
        one.values.elementsEqual(other.values) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        for (name, value) in values {
            hasher.combine(name)
            hasher.combine(value)
        }
    }
}

/// How the client wants the user to be asked (OpenID Connect Core section 3.1.2.1).
package enum Prompt: String, Sendable, Hashable, CaseIterable {
    /// Not at all: it is an error if that is not enough.
    case none
    /// To log in, though logged in.
    case login
    /// For consent, though given.
    case consent
}
