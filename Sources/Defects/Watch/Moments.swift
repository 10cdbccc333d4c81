import Auth
import Hummingbird
import NIOSSL
import Server
import Serving

/// One check of a verifier, on one piece of evidence.
struct CheckMoment<Evidence: Watched>: Sendable {
    var name: String
    var before: Evidence
    var refusal: Refusal?
    var after: Evidence
}

struct AuthenticationMoment: Sendable {
    var request: ServerRequest
    var policy: LayeredPolicy?
    var outcome: Authentication
}

struct AnswerMoment: Sendable {
    var request: ServerRequest
    /// Nil where it was not read.
    var body: [UInt8]?
    var outcome: Result<Response, any Error>
}

struct ScopesMoment: Sendable {
    var principal: Principal
    var tool: String
    var missing: ScopeSet
}

struct ChallengesMoment: Sendable {
    var request: ServerRequest
    var rejection: Rejection
    var challenges: [Challenge]
}

struct RecordMoment: Sendable {
    var record: AuditRecord
}

/// A handshake that failed, as it is recorded.
struct HandshakeMoment: Sendable {
    var record: AuditRecord
}

/// The settings of TLS, read at the start or at a reload.
struct SettingsMoment: Sendable {
    var settings: TLSConfiguration
}

struct ForwardingMoment: Sendable {
    var request: ServerRequest
    var settled: ServerRequest
}

struct OwnerMoment: Sendable {
    var principal: Principal
    var owner: String
}

struct TenantMoment: Sendable {
    var caller: Principal
    var request: ServerRequest
    var tenant: String?
}
