package import Auth

/// One challenge of a `WWW-Authenticate` field (RFC 9110 section 11.6.1): a scheme and its parameters.
package struct Challenge: Sendable, Equatable {
    /// In lower case.
    package let scheme: String
    /// Names in lower case. A parameter given twice is left out: nobody can say which one was meant.
    package let parameters: [String: String]

    /// The `error` of RFC 6750 section 3.
    package var error: String? { parameters["error"] }

    /// The scopes asked for (RFC 6750 section 3), or nil when there are none or they are not scope tokens.
    package var scopes: ScopeSet? {
        guard let text = parameters["scope"], let scopes = ScopeSet(parsing: text), !scopes.isEmpty else { return nil }
        return scopes
    }

    /// Where the protected resource's metadata is (RFC 9728 section 5.1).
    package var resourceMetadata: String? { parameters["resource_metadata"] }

    package init(scheme: String, parameters: [String: String]) {
        self.scheme = scheme
        self.parameters = parameters
    }

    /// The Bearer challenge of an answer, or nil. What cannot be read is passed over: it comes from a peer that is not
    /// trusted yet, and no challenge only means less help.
    package static func bearer(in answer: HTTPAnswer) -> Challenge? {
        answer.fields.values("WWW-Authenticate").lazy.flatMap(parse).first { $0.scheme == "bearer" }
    }

    /// The challenge that a client of that scheme follows: its own before Bearer, which a server may send beside it.
    package static func token(in answer: HTTPAnswer, dpop: Bool) -> Challenge? {
        let own = answer.fields.values("WWW-Authenticate").lazy.flatMap(parse).first { $0.scheme == "dpop" }
        return dpop ? own ?? bearer(in: answer) : bearer(in: answer)
    }

    /// All the challenges of one field value, up to the first thing that does not follow the grammar. Time and memory are linear
    /// in the text; more than 8 KiB are not looked at.
    package static func parse(_ text: String) -> [Challenge] {
        guard text.utf8.count <= 8192 else { return [] }
        var reader = ChallengeReader(text)
        return reader.challenges()
    }
}
