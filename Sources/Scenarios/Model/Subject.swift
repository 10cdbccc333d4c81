/// An implementation under test in one role, as `subjects/NAME/subject.yaml` describes it: how it is started, what it
/// offers, and the commands that administer its credentials.
package struct Subject: Sendable, Codable, Hashable {
    package enum ReloadSignal: String, Sendable, Codable, CaseIterable {
        case hangUp = "SIGHUP"
        case user1 = "SIGUSR1"
        case user2 = "SIGUSR2"
    }

    package enum Role: String, Sendable, Codable, CaseIterable { case server, issuer, client }

    package var id: String
    package var title: String
    package var role: Role
    package var schemes: [String]
    package var eras: [String]
    /// Started with the bed's configuration document in a file; prints a ready line, unless `url` says where it listens.
    /// Empty where it runs already.
    package var start: [String]
    /// Administration by name: `issue`, `rotate`, `retire`, `revoke`, `add-user`, `issue-public`,
    /// `renew-signing-key`. Each prints one JSON object.
    package var hooks: [String: [String]]
    /// The signal that has it read its files again; nil where it looks after them by itself.
    package var reload: ReloadSignal?
    /// Whether it writes an audit trail where the configuration document asks for it, with the request id that its
    /// answers carry, so that the bed can read the reason of a refusal.
    package var audit: Bool
    /// What a refusal that shows on the wire means for this subject, by how it looks, such as `alert certificate_unknown`, or
    /// by words of its challenge or body.
    package var reasons: [String: String]
    /// Where it listens, with `{port}` for a port of the bed's choice; nil where its ready line says so.
    package var url: String?
    /// The folder of its file, which stands for `{subject}` in its commands; nil where there is none.
    package var folder: String?
    /// Seconds from start to ready.
    package var readyWithin: Double
    /// What it does not have, each with the reason why that is no fault.
    package var lacks: [Capability: String]
    /// What reading and writing look like, where they are not the tools `canary.read` and `canary.write`.
    package var calls: [String: SubjectCall]
    /// Where the bed is the issuer of a server that runs already: the port that the server knows it by.
    package var issuerPort: Int?
    /// Files with what stands in the Authorization field after the scheme's name, by principal, where the bed is given credentials.
    package var credentials: [String: String]
    /// What tokens are asked for (RFC 8707), where the bed was given a client of an issuer that wants to be told.
    package var resource: String?
    /// Who vouches for its certificate, in a PEM file, where the bed did not issue it.
    package var ca: String?
    /// The command that says which version it is, in its first line; empty where the title does.
    package var version: [String] = []
    /// What it is known to fail.
    package var known: [KnownFailure] = []
    /// For a client: how it is told what to do.
    package var contract: ClientContract

    package init(
        id: String, title: String, role: Role, schemes: [String], eras: [String], start: [String], hooks: [String: [String]],
        reload: ReloadSignal? = nil, audit: Bool, reasons: [String: String], url: String? = nil, folder: String? = nil,
        readyWithin: Double = 10,
        lacks: [Capability: String] = [:], calls: [String: SubjectCall] = [:], issuerPort: Int? = nil, credentials: [String: String] = [:],
        contract: ClientContract = .session
    ) {
        self.id = id
        self.title = title
        self.role = role
        self.schemes = schemes
        self.eras = eras
        self.start = start
        self.hooks = hooks
        self.reload = reload
        self.audit = audit
        self.reasons = reasons
        self.url = url
        self.folder = folder
        self.readyWithin = readyWithin
        self.lacks = lacks
        self.calls = calls
        self.issuerPort = issuerPort
        self.credentials = credentials
        self.contract = contract
    }

    /// Whether it runs already, and is not the bed's to start, stop or configure.
    package var isAttached: Bool { start.isEmpty }

    /// Whether it can be started again beside itself, listening somewhere else.
    package var startsTwice: Bool { !isAttached && (url?.contains("{port}") ?? true) && start.contains("{config}") }

    /// Whether its address says that it listens without TLS.
    package var listensInTheOpen: Bool { url?.hasPrefix("http://") ?? false }

    /// Whether all that is known of it is where it runs.
    package var isUnknown: Bool { isAttached && folder == nil }

    /// Takes what the bed was given for the whole of what callers can show.
    ///
    /// - Parameter key: What stands in the file. A part of it is bent only where it has such parts.
    package mutating func learn(fromKey key: String) {
        guard key.split(separator: "_", omittingEmptySubsequences: false).count != 4 else { return }
        lacks[.keyForm] = lacks[.keyForm] ?? "the key that the bed was given shows neither which key it is nor what it is for"
    }

    /// Whether it speaks plain HTTP rather than MCP.
    package var speaksPlainHTTP: Bool { calls.values.contains { if case .http = $0 { true } else { false } } }
}

/// One thing to ask of a subject that has no canary.
package enum SubjectCall: Sendable, Codable, Hashable {
    /// A tool of MCP, and its arguments as JSON text.
    case tool(String, arguments: String)
    /// A request of plain HTTP. Any 2xx is an acceptance.
    case http(method: String, path: String, body: String)
}
