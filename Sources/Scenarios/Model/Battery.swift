/// A baseline credential that is accepted before and after, and cases that bend one thing each.
package struct Battery: Sendable, Codable, Hashable {
    /// The principal of the accepted credential.
    package var baseline: String
    /// The algorithm that its tokens are signed with; nil for the issuer's own.
    package var algorithm: String?
    package var cases: [Case]

    package init(baseline: String, algorithm: String? = nil, cases: [Case]) {
        self.baseline = baseline
        self.algorithm = algorithm
        self.cases = cases
    }

    /// Whether any case presents a chain after x509-limbo, whose authorities the server has to trust.
    package var usesLimbo: Bool {
        cases.contains { $0.bends.contains { if case .limbo = $0 { true } else if case .moment = $0 { true } else { false } } }
    }

    package struct Case: Sendable, Codable, Hashable {
        package var check: String
        package var title: String
        /// Nil for all of the scenario's schemes.
        package var schemes: [String]?
        /// Each is a call of its own, with exactly this one thing bent.
        package var bends: [Bend]
        /// What each of the calls must come to.
        package var expects: Expected
        /// The statuses that do for a refusal here; nil for those of the scheme.
        package var statuses: [Int]?
        /// The error codes of OAuth that do for a refusal here (RFC 6749 section 5.2); empty where none is looked for.
        package var errors: [String]
        /// Whether the connection may be cut without an answer.
        package var mayCut: Bool
        /// What the answers must look like besides.
        package var form: [AnswerForm]
        /// How often something the bed counts may happen meanwhile.
        package var atMost: [String: Int]
        /// What is called; nil for the tool that writes, so that a refusal in words is held against what was done.
        package var tool: String?
        package var because: [String]
        package var bites: [String]
        package var line: Int

        package init(
            check: String, title: String, schemes: [String]?, bends: [Bend], expects: Expected = .refused, statuses: [Int]? = nil,
            errors: [String] = [], mayCut: Bool = false, form: [AnswerForm] = [], atMost: [String: Int] = [:], tool: String? = nil,
            because: [String],
            bites: [String], line: Int
        ) {
            self.check = check
            self.title = title
            self.schemes = schemes
            self.bends = bends
            self.expects = expects
            self.statuses = statuses
            self.errors = errors
            self.mayCut = mayCut
            self.form = form
            self.atMost = atMost
            self.tool = tool
            self.because = because
            self.bites = bites
            self.line = line
        }

        /// Whether somebody around the client under test is different.
        package var bendsAPeer: Bool { bends.contains { if case .peer = $0 { true } else { false } } }

        /// Whether what counts is how long answers take.
        package var isTimed: Bool { bends.contains { if case .timing = $0 { true } else { false } } }
    }

    package enum Expected: String, Sendable, Codable, CaseIterable {
        case refused, accepted
        /// With anything but an error of the server: accepted and refused are both right, silence and 5xx are not.
        case answered
    }

    /// What the bed counts while a case is played: fetches of the issuer's key set less than a second after the one before, questions
    /// about tokens, and requests that arrived where a token pointed; and tokens that arrived at the service behind the server.
    package static let issuerCounts = ["hasty-key-fetches", "introspections", "decoy-requests", "tokens-passed-on"]
    /// And questions about certificates.
    package static let responderCounts = ["ocsp-questions"]
    /// What it finds afterwards: places where a secret stands that should not be there; calls of which the audit trail does not
    /// say who did what and how it ended; lines of it that are no record; and callers that it does not tell apart. In answers:
    /// callers called by another name, and metadata that is another resource's. What is amiss with names of sessions. And calls that were
    /// accepted though nobody could say whether the certificate is revoked, of which the audit trail does not say so.
    /// Callers of whom nobody could say afterwards from where they called; notes of another tenant that were seen; and notes that
    /// another tenant wrote over.
    package static let findings = [
        "leaks-in-store", "leaks-in-log", "leaks-in-audit", "unaccounted", "torn-records", "indistinct", "misnamed-callers",
        "wrong-metadata", "guessable-sessions", "one-sided-records", "health-details", "unmarked", "unplaced-callers", "strangers-notes",
        "overwritten-notes",
    ]
    /// What it counts of its own calls to an issuer: those that were accepted, refresh tokens that are alive in the end, sign-ins
    /// that ended by them, guesses that were looked at, and requests that arrived where the issuer must not ask. And kinds of
    /// refusals that take the issuer much less work than others, which tells them apart.
    package static let issuingCounts = [
        "accepted-calls", "live-refresh-tokens", "lost-sign-ins", "guesses", "private-requests", "uneven-refusals",
    ]
    /// What it counts around a client under test, by the worst of the calls of a case: connections that were opened, requests to a
    /// token endpoint, calls of tools, and clients that were still waiting when their time was up. Requests that came before they were
    /// asked to; with a secret in another place than the field for it; for tokens in another form than theirs, for scopes that
    /// nobody asked for, or without those that are needed beside another one; and authorization requests that protect nobody. Processes of the client's that show a secret in their arguments
    /// or their environment, and files with a secret in them that others may read.
    package static let clientCounts = [
        "connections", "token-requests", "tool-calls", "hangs", "hasty-requests", "misplaced-secrets", "odd-token-requests",
        "needless-scopes", "forgotten-scopes", "weak-authorizations", "secrets-in-sight", "readable-secrets",
    ]
    package static var counts: [String] { issuerCounts + responderCounts + findings + issuingCounts + clientCounts }
}

/// What an answer must look like, beside its status.
package enum AnswerForm: String, Sendable, Codable, CaseIterable {
    /// Says in `WWW-Authenticate` what is asked for (RFC 9110 section 11.6.1), in that section's syntax.
    case challenge
    /// Its challenge names no error: nothing was presented (RFC 6750 section 3.1).
    case quiet
    /// Its challenge names the error `invalid_token`, `invalid_request` or `insufficient_scope`.
    case invalidToken = "invalid-token"
    case invalidRequest = "invalid-request"
    case insufficientScope = "insufficient-scope"
    /// Its JSON-RPC error says that header and body differ (MCP 2026-07-28 Streamable HTTP, Server Validation).
    case headerMismatch = "header-mismatch"
    /// Its challenge points to the resource's metadata (RFC 9728 section 5.1).
    case metadata
    /// Every challenge that it has follows the syntax, and says nothing that the caller sent.
    case wellFormed = "well-formed"
    /// All refusals of the case are the same, but for identifiers and times.
    case uniform
    /// Before the last of the case's calls the server has had enough: 429, and when to come back (RFC 6585 section 4).
    case throttled
    /// Nothing of the credential is repeated, and nothing of the machine is told.
    case discreet
    /// No shared cache may keep it (RFC 9111 section 3.5).
    case uncached
    /// Nothing keeps it at all (RFC 9111 section 5.2.2.5).
    case notStored = "not-stored"
}
