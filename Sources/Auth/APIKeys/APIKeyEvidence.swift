/// What is known of a caller that shows an API key: at first only the text, then what the checks found out.
package struct APIKeyEvidence: IdentifyingEvidence {
    /// What the caller sent.
    package let presented: Secret<String>
    /// The key that the text is; set by `form`.
    package var key: APIKey?
    /// The record of that very key, hash compared; set by `known`.
    package var record: APIKeyRecord?

    package init(presented: String) {
        self.presented = Secret(presented)
    }

    package var principal: Principal? { record?.owner }

    /// The presented id, also when nobody has it: ids are not secret.
    package var credential: CredentialID? { key.map { .apiKey(id: $0.id) } }
}
