import Auth
import Foundation
import HTTPTypes
package import Logging
import MutualTLS
import OAuth
import Serving
package import Store

/// The issuer as a function from requests to answers.
package struct IssuerEndpoints: Sendable {
    /// The identifier in `iss` and in the metadata.
    let issuer: String
    /// The URL the endpoints are at, without a slash at its end.
    let base: String
    let parts: IssuerParts
    let store: IssuerStore
    let logger: Logger
    let keyRing = KeyRing()
    let cookies: Cookies

    package init(issuer: String, base: String, parts: IssuerParts, store: IssuerStore, logger: Logger) {
        self.issuer = issuer
        self.base = base
        self.parts = parts
        self.store = store
        self.logger = logger
        cookies = Cookies(issuer: issuer, isSecure: base.hasPrefix("https://"))
    }

    /// Something about a client or a token: audited, and never from a cache.
    typealias Decision = @Sendable (IssuerEndpoints, Call, inout AuditRecord) async throws -> IssuerAnswer

    /// A request whose parameters were read, and the one moment at which everything about it is judged.
    struct Call: Sendable {
        var authorization: [String]
        var form: FormParameters
        /// The values of the `DPoP` fields, and the path and certificate that they and tokens are bound to.
        var proofs: [String]
        var path: String
        var certificate: PeerCertificate?
        /// The address it comes from.
        var source: String
        var now: Date
    }

    package func answer(_ request: IssuerRequest) async throws -> IssuerAnswer { try await parts.respond(self, request) }

    /// Answers a request as the correct issuer does; whatever goes wrong is an answer too.
    package func respond(to request: IssuerRequest) async throws -> IssuerAnswer {
        switch Endpoint.find(path: request.path, issuer: issuer) {
        case nil: return try .json(["error": "not_found"], status: .notFound, cacheControl: nil)
        case .decision(let decide):
            guard parts.decisionMethods.contains(request.method) else { return try wrongMethod(allowed: "POST") }
            return try await audited(request) { record in
                let form = try await parts.readParameters(request)
                return try await decide(
                    self,
                    Call(
                        authorization: request.authorization, form: form, proofs: request.proofs, path: request.path,
                        certificate: request.certificate, source: SourceAddress.host(of: request.peer), now: record.time), &record)
            }
        case .authorization: return try await authorize(request)
        case .registration:
            guard parts.takesRegistrations else { return try .json(["error": "not_found"], status: .notFound, cacheControl: nil) }
            guard request.method == "POST" else { return try wrongMethod(allowed: "POST") }
            return try await audited(request) { try await register(request, &$0) }
        case .document(let document):
            guard ["GET", "HEAD"].contains(request.method) else { return try wrongMethod(allowed: "GET, HEAD") }
            return try await publish { try await document(self) }
        }
    }

    private func wrongMethod(allowed: String) throws -> IssuerAnswer {
        var answer = try IssuerAnswer.error(
            .invalidRequest("the method is not allowed here", status: 405), cacheControl: parts.tokenCacheControl, challenge: nil)
        answer.headers[.allow] = allowed
        return answer
    }

    /// Decides on a request, and writes down how before the answer goes out.
    private func audited(
        _ request: IssuerRequest, _ decide: (inout AuditRecord) async throws -> IssuerAnswer
    ) async throws -> IssuerAnswer {
        var record = AuditRecord(time: parts.now(), event: .request, decision: .refused)
        record.requestID = request.id
        record.peer = request.peer
        var answer: IssuerAnswer
        do {
            answer = try await decide(&record)
            record.decision = .allowed
        } catch let error as OAuthError {
            record.reason = error.refusal.reason
            record.detail = "\(error.code.rawValue): \(error.refusal.detail)"
            answer = try .error(error, cacheControl: parts.tokenCacheControl, challenge: parts.challenge)
            // A client that has none learns it from the refusal (RFC 9449 section 8).
            if error.code == .useDPoPNonce { answer.headers[.dpopNonce] = parts.nonces?.current(at: record.time) }
        } catch {
            logger.error("a request failed: \(error)")
            record.detail = "failed"
            answer = try unavailable()
        }
        do {
            try await parts.audit.append(record)
        } catch {
            // What nobody can look up later does not happen.
            logger.error("the audit trail cannot be written: \(error)")
            answer = try unavailable()
        }
        return answer
    }

    private func publish(_ document: () async throws -> IssuerAnswer) async throws -> IssuerAnswer {
        do {
            return try await document()
        } catch {
            logger.error("a request failed: \(error)")
            return try unavailable()
        }
    }

    private func unavailable() throws -> IssuerAnswer {
        let error = OAuthError(
            .temporarilyUnavailable, "the issuer cannot answer at the moment", because: .issuerUnreachable, status: 503)
        return try .error(error, cacheControl: parts.tokenCacheControl, challenge: nil)
    }
}
