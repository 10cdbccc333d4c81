import Auth
import Foundation
import HTTPTypes
import Logging
import OAuth
import Serving
import Store

extension IssuerEndpoints {
    /// An answer of the authorization endpoint, and whether something was decided: a form that is only shown is nothing to audit.
    struct Step {
        var answer: IssuerAnswer
        var isDecision = true
    }

    /// An authorization request as it came, judged, with the browser it came from.
    struct Visit {
        var request: IssuerRequest
        var asked: AuthorizationRequest
        var query: String
        var now: Date
        var source: String
    }

    /// The authorization endpoint (RFC 6749 section 3.1). Nothing is kept between its pages: each request is judged anew.
    func authorize(_ request: IssuerRequest) async throws -> IssuerAnswer {
        var record = AuditRecord(time: parts.now(), event: .request, decision: .refused)
        record.requestID = request.id
        record.peer = request.peer
        var step: Step
        do {
            step = try await self.step(request, &record)
        } catch let error as OAuthError {
            note(error, &record)
            step = Step(answer: ErrorPage(error: error).page.answer)
            if let seconds = error.retryAfter { step.answer.headers[.retryAfter] = "\(seconds)" }
        } catch {
            logger.error("a request failed: \(error)")
            record.detail = "failed"
            step = Step(answer: unavailablePage)
        }
        step.answer = parts.page(step.answer)
        guard step.isDecision else { return step.answer }
        do {
            try await parts.audit.append(record)
        } catch {
            logger.error("the audit trail cannot be written: \(error)")
            return unavailablePage
        }
        return step.answer
    }

    private func step(_ request: IssuerRequest, _ record: inout AuditRecord) async throws -> Step {
        guard ["GET", "POST"].contains(request.method) else {
            var answer = ErrorPage(error: .invalidRequest("the method is not allowed here", status: 405)).page.answer
            answer.headers[.allow] = "GET, POST"
            return Step(answer: answer)
        }
        let query = request.query ?? ""
        guard let parameters = AuthorizationParameters(query: query) else {
            throw OAuthError.invalidRequest("the request is not percent-encoded UTF-8")
        }
        let source = SourceAddress.host(of: request.peer)
        let client = try await parameters["client_id"].asyncFlatMap { try await self.client(named: $0, from: source)?.client }
        var evidence = AuthorizationEvidence(
            parameters: parameters, client: client, scopeRule: parts.scope, resourceRule: parts.resource)
        if let objection = await parts.authorizations.objection(to: &evidence, at: record.time) {
            let error = evidence.error ?? OAuthError(.invalidRequest, "the request is refused", because: objection.refusal.reason)
            return refuse(error, evidence.redirectURI, of: client, state: parameters["state"], &record)
        }
        guard let asked = AuthorizationRequest(evidence) else { throw OAuthError.invalidRequest("the request is incomplete") }
        let visit = Visit(request: request, asked: asked, query: query, now: record.time, source: source)
        return request.method == "GET" ? try await proceed(visit, &record) : try await submit(visit, &record)
    }

    /// Logs in, asks for consent, or gives the code: whatever is still missing.
    func proceed(_ visit: Visit, _ record: inout AuditRecord) async throws -> Step {
        let asked = visit.asked
        let login = try await login(visit)
        record.principal = login?.user
        guard let login, !asked.prompts.contains(.login) else {
            guard !asked.prompts.contains(.none) else {
                return refuse(OAuthError(.loginRequired, "nobody is signed in", because: .missing), visit, &record)
            }
            return showLogin(visit)
        }
        let given = try await store.consent(user: login.user, client: asked.client.id, audience: asked.audience)
        let mustAsk = parts.consent(asked.scopes, for: asked.client, to: asked.redirectURI, given: given)
        guard mustAsk || asked.prompts.contains(.consent) else { return try await giveCode(visit, to: login.user, &record) }
        guard !asked.prompts.contains(.none) else {
            return refuse(OAuthError(.consentRequired, "the user must be asked", because: .missing), visit, &record)
        }
        return showConsent(visit, login.user)
    }

    /// The login that the browser's cookie stands for.
    func login(_ visit: Visit) async throws -> LoginRecord? {
        guard let cookie = cookies.value(cookies.login, in: visit.request.cookies) else { return nil }
        return try await store.login(hash: ClientSecret.hash(cookie), now: visit.now)
    }

    private func giveCode(_ visit: Visit, to user: String, _ record: inout AuditRecord) async throws -> Step {
        let asked = visit.asked
        let code = ClientSecret.generate()
        let issuedAt = visit.now
        try await store.addCode(
            CodeRecord(
                hash: ClientSecret.hash(code), clientID: asked.client.id, user: user, redirectURI: asked.redirectURI.text,
                challenge: asked.challenge, scopes: asked.scopes, audience: asked.audience, keyThumbprint: asked.keyThumbprint,
                issuedAt: issuedAt, expiresAt: issuedAt.addingTimeInterval(Double(parts.codeLifetime))))
        record.decision = .allowed
        record.principal = user
        record.scopes = asked.scopes.description
        record.detail = "code for client \(asked.client.id) at \(asked.audience)"
        return Step(answer: redirect(asked.redirectURI, [.init("code", code.reveal())], state: asked.parameters["state"]))
    }

    /// Keeps the consent and gives the code.
    func allow(_ visit: Visit, by user: String, _ record: inout AuditRecord) async throws -> Step {
        let asked = visit.asked
        try await store.give(
            ConsentRecord(
                user: user, clientID: asked.client.id, audience: asked.audience, scopes: asked.scopes, givenAt: visit.now))
        let step = try await giveCode(visit, to: user, &record)
        record.detail = "consent given, " + (record.detail ?? "")
        return step
    }

    func refuse(_ error: OAuthError, _ visit: Visit, _ record: inout AuditRecord) -> Step {
        refuse(error, visit.asked.redirectURI, of: visit.asked.client, state: visit.asked.parameters["state"], &record)
    }

    /// Tells the client of an error once it is known where, else the user (RFC 6749 section 4.1.2.1).
    ///
    /// Whoever can register a client could make this issuer's good name lead people anywhere, with a request that is wrong:
    /// such errors are told where nobody vouches for the address only when the user wants it (RFC 9700 section 4.11.2).
    private func refuse(
        _ error: OAuthError, _ redirectURI: RedirectURI?, of client: ClientRecord?, state: String?, _ record: inout AuditRecord
    ) -> Step {
        note(error, &record)
        guard let redirectURI, let client else { return Step(answer: ErrorPage(error: error).page.answer) }
        let members: [AuthorizationResponse.Member] = [
            .init("error", error.code.rawValue), .init("error_description", error.summary),
        ]
        let told = redirect(redirectURI, members, state: state)
        guard client.origin != .registered, !redirectURI.isLoopback, error.code != .accessDenied else { return Step(answer: told) }
        let continuation = (redirectURI.destination, told.headers[.location] ?? "")
        return Step(answer: ErrorPage(error: error, continuation: continuation).page.answer)
    }

    private func note(_ error: OAuthError, _ record: inout AuditRecord) {
        record.decision = .refused
        record.reason = error.refusal.reason
        record.detail = "\(error.code.rawValue): \(error.refusal.detail)"
    }

    private func redirect(_ uri: RedirectURI, _ members: [AuthorizationResponse.Member], state: String?) -> IssuerAnswer {
        let response = AuthorizationResponse(redirectURI: uri.text, members: members, state: state, issuer: issuer)
        return redirect(to: parts.authorizationResponse(response).location)
    }

    /// With 303, so that no browser sends the form again, and the password in it, to where it is led (RFC 9700 section 4.12).
    func redirect(to location: String) -> IssuerAnswer {
        var answer = IssuerAnswer(status: parts.redirectStatus)
        answer.headers[.location] = location
        answer.headers[.cacheControl] = "no-store"
        answer.headers[.referrerPolicy] = "no-referrer"
        return answer
    }

    private var unavailablePage: IssuerAnswer {
        let error = OAuthError(
            .temporarilyUnavailable, "the issuer cannot answer at the moment", because: .issuerUnreachable, status: 503)
        return ErrorPage(error: error).page.answer
    }
}

extension Optional {
    fileprivate func asyncFlatMap<Value>(_ transform: (Wrapped) async throws -> Value?) async rethrows -> Value? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
