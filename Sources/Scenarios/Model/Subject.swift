/// An implementation under test in one role, as `subjects/NAME/subject.yaml` describes it: how it is started, what it
/// offers, and the commands that administer its credentials.
package struct Subject: Sendable, Codable, Hashable {
    package enum Role: String, Sendable, Codable, CaseIterable { case server, issuer, client }

    package var id: String
    package var title: String
    package var role: Role
    package var schemes: [String]
    package var eras: [String]
    /// Started with the bed's configuration document in a file; prints a ready line.
    package var start: [String]
    /// Administration by name: `issue`, `rotate`, `retire`, `revoke`, `add-user`, `issue-public`,
    /// `renew-signing-key`. Each prints one JSON object.
    package var hooks: [String: [String]]
    /// Whether it writes an audit trail where the configuration document asks for it, with the request id that its
    /// answers carry, so that the bed can read the reason of a refusal.
    package var audit: Bool
    /// What a refusal that shows on the wire means for this subject, such as `alert certificate_unknown: [expired]`.
    package var reasons: [String: String]

    package init(
        id: String, title: String, role: Role, schemes: [String], eras: [String], start: [String], hooks: [String: [String]],
        audit: Bool, reasons: [String: String]
    ) {
        self.id = id
        self.title = title
        self.role = role
        self.schemes = schemes
        self.eras = eras
        self.start = start
        self.hooks = hooks
        self.audit = audit
        self.reasons = reasons
    }
}
