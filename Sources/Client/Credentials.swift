package import Auth

/// What goes into the `Authorization` field of a call, after `Bearer `.
package struct BearerCredential: Sendable {
    package let value: Secret<String>
    /// Which one it is among those its source has given out: two calls with the same number used the same credential.
    package let generation: Int

    package init(value: Secret<String>, generation: Int) {
        self.value = value
        self.generation = generation
    }
}

/// Gives the credential for a call, and another one when the server refused the first.
package protocol CredentialSource: Sendable {
    /// The credential to use now, or nil when calls go without: there is none, or it is not known yet where to get one.
    func credential() async throws(ClientError) -> BearerCredential?

    /// Another credential after a 401, or nil when there is no other: the refusal then stands.
    ///
    /// - Parameters:
    ///   - refused: The credential that the call was made with, nil when it was made without.
    ///   - challenge: The answer's Bearer challenge, where it had one.
    func replacement(for refused: BearerCredential?, challenge: Challenge?) async throws(ClientError) -> BearerCredential?

    /// A credential that reaches further after a 403 `insufficient_scope`, or nil when there is none.
    func widened(beyond refused: BearerCredential, challenge: Challenge) async throws(ClientError) -> BearerCredential?
}

extension CredentialSource {
    package func widened(beyond refused: BearerCredential, challenge: Challenge) async throws(ClientError) -> BearerCredential? { nil }
}

/// Calls without a bearer credential: no authentication, or by certificate alone.
package struct NoCredential: CredentialSource {
    package init() {}

    package func credential() async throws(ClientError) -> BearerCredential? { nil }
    package func replacement(for refused: BearerCredential?, challenge: Challenge?) async throws(ClientError) -> BearerCredential? { nil }
}

/// An API key, sent as a bearer credential. It is read at each call, so that a rotated key counts from the next call on.
package struct APIKeyCredential: CredentialSource {
    private let source: SecretSource

    package init(_ source: SecretSource) {
        self.source = source
    }

    package func credential() async throws(ClientError) -> BearerCredential? {
        BearerCredential(value: try source.read(), generation: 0)
    }

    /// A refused key is refused again: only a person can bring another one.
    package func replacement(for refused: BearerCredential?, challenge: Challenge?) async throws(ClientError) -> BearerCredential? { nil }
}
